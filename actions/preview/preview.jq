# cleanrooms_resource/preview/redaction.py keeps the same part, for hosts whose jobs have no jq.
# The part of `pulumi preview --json` that leaves the job. Everybody who may read the repository may read it, and the engine masks only secrets. So the
# stack's configuration is removed. Of a resource that is neither a collaboration nor a membership, only the operation and the names stay.
def type_of: .newState.type // .oldState.type // "";
# A subclass of Collaboration may have the type of every dynamic resource. A provider's inputs are credentials.
def is_of_clean_rooms:
  (type_of | contains("cleanrooms") and (startswith("pulumi:providers:") | not))
  or ((type_of | startswith("pulumi-python:dynamic")) and any(.newState, .oldState;
    (.inputs? // {} | has("__holder") or has("creatorMemberAbilities")) or (.outputs? // {} | has("__declared"))));
def without_provider: if . then del(.inputs.__provider, .outputs.__provider) else . end;
def without_values: if . then with_entries(select(.key | IN("type", "id", "delete", "protect", "retainOnDelete", "external"))) else . end;
def step:
  if is_of_clean_rooms then .oldState |= without_provider | .newState |= without_provider
  else {op, urn, provider, oldState: (.oldState | without_values), newState: (.newState | without_values)} end
  | with_entries(select(.value != null));

if length == 1 and (.[0] | type) == "object" then .[0] else error("The engine printed no preview.") end
| {steps: (if .steps then [.steps[] | step] else null end), diagnostics, changeSummary, maybeCorrupt}
| with_entries(select(.value != null))
| .exitStatus = $failed
