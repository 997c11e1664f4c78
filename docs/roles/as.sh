# Acts as one person of the demo company: `. docs/roles/as.sh r-chen`, beside a platform that runs.
URL=http://127.0.0.1:${DISTRIBUTARY_PORT:-8000}
OWNER=$(cat var/first-run-key)
JSON='Content-Type: application/json'

# A key of somebody's own, for a day.
key() {
  curl -sS --fail-with-body -H "Authorization: Bearer $OWNER" -H "$JSON" "$URL/keys" \
    -d "{\"account\": \"$1\", \"days\": 1}" | sed 's/.*"key":"\([^"]*\)".*/\1/'
}
# Reads an address.
ask() { curl -sS --fail-with-body -H "Authorization: Bearer $KEY" "$URL$1" "${@:2}"; echo; }
# Gives a command: its key, its name, what it says.
send() {
  curl -sS -H "Authorization: Bearer $KEY" -H "$JSON" -H 'If-Match: *' \
    -H "Idempotency-Key: $1" "$URL/commands/$2" -d "$3"; echo
}
# The position of an answer; the id of the first row.
position() { sed 's/.*"position":\([0-9]*\).*/\1/'; }
first() { sed 's/^{"data":\[{"id":"\([^"]*\)".*/\1/'; }

KEY=$(key "$1")
