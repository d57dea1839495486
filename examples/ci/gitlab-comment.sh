#!/usr/bin/env bash
# Keep one comment for a stack on the merge request: gitlab-comment.sh PROJECT/STACK FILE
# GITLAB_TOKEN is an access token with the scope `api`, because CI_JOB_TOKEN cannot write notes.
set -euo pipefail

marker="<!-- cleanrooms-resource:$1 -->"
request="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID"

call() {
  curl --silent --show-error --fail --header "PRIVATE-TOKEN: $GITLAB_TOKEN" \
    --header "Content-Type: application/json" "$@"
}

head=$(call "$request" | jq --raw-output '.sha // empty')
if [ -z "$head" ]; then
  echo "GitLab's answer names no commit. Check GITLAB_TOKEN." >&2
  exit 1
fi
if [ "$head" != "${CI_MERGE_REQUEST_SOURCE_BRANCH_SHA:-$CI_COMMIT_SHA}" ]; then
  echo "The merge request has a newer commit. That commit's pipeline posts the comment."
  exit 0
fi

user=$(call "$CI_API_V4_URL/user" | jq .id)
note="" count=100 page=1
while [ -z "$note" ] && [ "$count" -eq 100 ]; do
  notes=$(call "$request/notes?per_page=100&page=$page&sort=asc&order_by=created_at")
  note=$(jq --argjson user "$user" --arg marker "$marker" \
    'map(select(.author.id == $user and (.body | endswith($marker))))[0].id // empty' <<< "$notes")
  count=$(jq length <<< "$notes")
  page=$((page + 1))
done

body=$(jq --null-input --rawfile text "$2" --arg marker "$marker" '{body: "\($text)\n\($marker)"}')
if [ -n "$note" ]; then
  call --request PUT --data @- "$request/notes/$note" <<< "$body" > /dev/null
else
  call --request POST --data @- "$request/notes" <<< "$body" > /dev/null
fi
