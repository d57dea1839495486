#!/usr/bin/env bash
# Render the comment on the preview of $STACK into $RUNNER_TEMP/comment.md. A preview counts as
# failed if it is missing, contradicts its status, or may be one of an earlier attempt.
set -euo pipefail

# No name that Pulumi allows can end the HTML comment by which the comment is found.
if ! [[ $PROJECT/$STACK =~ ^[A-Za-z0-9._/-]{1,220}$ ]]; then
  echo "::error::The project and the stack must be names as Pulumi allows them."
  exit 1
fi

max_bytes=50000000
comment="$RUNNER_TEMP/comment.md" summary="$RUNNER_TEMP/summary.md"

find_preview() {
  preview="$RUNNER_TEMP/cleanrooms-previews/cleanrooms-preview-$1-${STACK//\//+}.json"
  [ -e "$preview" ]
}

# Jobs that succeeded are not run again with the failed ones. If every stack's job succeeded, their
# previews of an earlier attempt count. Otherwise such a preview may be of a job that failed since.
attempt=$GITHUB_RUN_ATTEMPT
while ! find_preview "$attempt" && [ "$PREVIEW_RESULT" = success ] && [ "$attempt" -gt 1 ]; do
  attempt=$((attempt - 1))
done

status=0
# The file comes from the pull request's job, so it may have any content, or be a link.
if [ ! -f "$preview" ] || [ -L "$preview" ] || [ "$(wc -c < "$preview")" -gt "$max_bytes" ]; then
  status=2
else
  options=(--project="$PROJECT" --stack="$STACK" --link "$RUN" --commit "$COMMIT")
  if [ -n "$FAIL_ON" ]; then options+=(--fail-on="$FAIL_ON"); fi
  python -m cleanrooms_resource comment "$preview" "${options[@]}" --summary "$summary" > "$comment" \
    || status=$?
  # An engine that failed has written its errors into the JSON (status 4). Without them, the
  # preview is cut off.
  if [ "$status" -ne 4 ] && [ "$(jq '.exitStatus // 0' "$preview")" != 0 ]; then status=2; fi
fi
case "$status" in
  0 | 3 | 4) ;;
  *)
    status=2
    {
      printf '> [!CAUTION]\n> **This preview failed.** The preview of `%s` ' "$PROJECT/$STACK"
      printf 'has no result at commit `%s`, so the changes are not known. ' "$COMMIT"
      printf '[The log of the run](<%s>) says why.\n' "$RUN"
    } | tee "$comment" > "$summary"
    ;;
esac
# GitHub drops a summary that is longer than a mebibyte.
head --bytes 1000000 "$summary" >> "$GITHUB_STEP_SUMMARY"
echo "status=$status" >> "$GITHUB_OUTPUT"
