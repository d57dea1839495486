#!/usr/bin/env bash
# Render the previews in $RUNNER_TEMP/cleanrooms-previews and post the comment. A stack counts as failed if it has no preview, or one that contradicts its status.
set -euo pipefail

max_bytes=50000000
previews=() labels=() stacks=() failed=()
read -ra names <<< "${STACKS//$'\n'/ }"
for name in "${names[@]}"; do
  stacks+=(--stack "$PROJECT/$name")
  preview="$RUNNER_TEMP/cleanrooms-previews/cleanrooms-preview-${name//\//-}.json"
  status=2
  # The file comes from the pull request's job, so it may have any content, or be a link.
  if [ -f "$preview" ] && [ ! -L "$preview" ] && [ "$(wc -c < "$preview")" -le "$max_bytes" ]; then
    status=0
    python -m cleanrooms_resource comment "$preview" > "$RUNNER_TEMP/comment.md" || status=$?
    # An engine that failed has written its errors into the JSON (status 4). Without them, the preview is cut off.
    if [ "$status" -eq 0 ] && [ "$(jq --raw-output '.exitStatus // 0' "$preview")" != 0 ]; then status=2; fi
  fi
  if [ "$status" -eq 0 ] || [ "$status" -eq 4 ]; then
    previews+=("$preview")
    # The comment names the stack as the workflow does, whatever the file says.
    labels+=(--project "$PROJECT" --stack "$name")
  else
    failed+=(--failed "$PROJECT/$name")
  fi
done
# A job that was run again and failed may have left its earlier preview.
if [ "$PREVIEW_RESULT" != success ] && [ "${#failed[@]}" -eq 0 ]; then
  previews=()
  failed=("${stacks[@]/#--stack/--failed}")
fi

status=0 file=()
if [ "${#previews[@]}" -gt 0 ]; then
  file=("$RUNNER_TEMP/comment.md")
  options=(--link "$RUN" --commit "$COMMIT" --summary "$RUNNER_TEMP/full.md")
  if [ -n "$FAIL_ON" ]; then options+=(--fail-on "$FAIL_ON"); fi
  python -m cleanrooms_resource comment "${previews[@]}" "${labels[@]}" "${options[@]}" > "${file[0]}" || status=$?
  case "$status" in
    0 | 3 | 4) ;;
    *) file=() failed=("${stacks[@]/#--stack/--failed}") ;;
  esac
fi
if [ "${#failed[@]}" -gt 0 ]; then status=2; fi
echo "status=$status" >> "$GITHUB_OUTPUT"

posted=0
python -m cleanrooms_resource post "${file[@]}" "${stacks[@]}" "${failed[@]}" --pull-request "$PULL_REQUEST" --commit "$COMMIT" \
  > "$RUNNER_TEMP/summary.md" || posted=$?
# The summary may be longer than a comment, and needs no marker.
if [ "${#failed[@]}" -eq 0 ]; then tail --lines +3 "$RUNNER_TEMP/full.md" > "$RUNNER_TEMP/summary.md"; fi
# GitHub drops a summary that is longer than a mebibyte.
head --bytes 1000000 "$RUNNER_TEMP/summary.md" >> "$GITHUB_STEP_SUMMARY"
# A job that goes on after a failure must not take a comment that nobody sees for a good one.
if [ "$posted" -ne 0 ]; then echo "status=$posted" >> "$GITHUB_OUTPUT"; fi
exit "$posted"
