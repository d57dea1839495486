#!/usr/bin/env bash
# Keep one comment for a stack on the pull request: azure-devops-comment.sh PROJECT/STACK FILE
# SYSTEM_ACCESSTOKEN is $(System.AccessToken); the build service needs the permission
# "Contribute to pull requests".
set -euo pipefail

marker="<!-- cleanrooms-resource:$1 -->"
collection=${SYSTEM_COLLECTIONURI%/}
repository="$collection/$SYSTEM_TEAMPROJECTID/_apis/git/repositories/$BUILD_REPOSITORY_ID"
request="$repository/pullRequests/$SYSTEM_PULLREQUEST_PULLREQUESTID"
version="api-version=7.1"

call() {
  curl --silent --show-error --fail --header "Authorization: Bearer $SYSTEM_ACCESSTOKEN" \
    --header "Content-Type: application/json" "$@"
}

head=$(call "$request?$version" | jq --raw-output '.lastMergeSourceCommit.commitId // empty')
# A token that is not valid gets a redirection, and no error.
if [ -z "$head" ]; then
  echo "The answer of Azure DevOps names no commit. Check SYSTEM_ACCESSTOKEN." >&2
  exit 1
fi
if [ "$head" != "$SYSTEM_PULLREQUEST_SOURCECOMMITID" ]; then
  echo "The pull request has a newer commit. That commit's run posts the comment."
  exit 0
fi

user=$(call "$collection/_apis/connectionData" | jq --raw-output .authenticatedUser.id)
# The comment is the first one of a thread. Somebody may have closed the thread or deleted it.
thread=$(call "$request/threads?$version" | jq --arg user "$user" --arg marker "$marker" '
  .value | map(select(
    (.isDeleted or .comments[0].isDeleted or .status == "closed" | not)
    and .comments[0].author.id == $user
    and (.comments[0].content // "" | endswith($marker))
  ))[0].id // empty')

comment=$(jq --null-input --rawfile text "$2" --arg marker "$marker" \
  '{parentCommentId: 0, content: "\($text)\n\($marker)", commentType: "text"}')
if [ -n "$thread" ]; then
  jq '{content}' <<< "$comment" \
    | call --request PATCH --data @- "$request/threads/$thread/comments/1?$version" > /dev/null
else
  jq '{comments: [.], status: "active"}' <<< "$comment" \
    | call --request POST --data @- "$request/threads?$version" > /dev/null
fi
