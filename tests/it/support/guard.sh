# Ends a server that the test processes of a run share, once none of them lives.
# Arguments: folder, process id of the server, signal that ends it, seconds of quiet before that.
#
# A test process writes <folder>/leases/<its process id>, then looks for <folder>/closing; the guard makes `closing`,
# then looks at the leases. So at least one of the two sees the other, and no test meets a server that is going.
folder=$1 server=$2 signal=$3 idle=$4
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
trap '' HUP INT
echo "$$ $server" >"$folder/guard"

in_use() {
  for lease in "$folder"/leases/*; do
    [ -e "$lease" ] || continue
    if kill -0 "${lease##*/}" 2>/dev/null; then return 0; fi
    rm -f "$lease"
  done
  return 1
}

wait_until_gone() {
  left=30
  while [ "$left" -gt 0 ] && kill -0 "$server" 2>/dev/null; do
    sleep 1
    left=$((left - 1))
  done
}

quiet=0 age=0
# The age is a bound for the day when a process id of a lease is used again by something that stays.
while kill -0 "$server" 2>/dev/null; do
  if in_use && [ "$age" -lt 14400 ]; then quiet=0; else quiet=$((quiet + 1)); fi
  if [ "$quiet" -ge "$idle" ] || { [ "$quiet" -gt 0 ] && [ -e "$folder/end" ]; }; then
    mkdir -p "$folder/closing"
    if in_use && [ "$age" -lt 14400 ]; then
      rmdir "$folder/closing"
      quiet=0
    else
      kill -s "$signal" "$server"
      wait_until_gone
      break
    fi
  fi
  sleep 1
  age=$((age + 1))
done
# `closing` last: a test process that waits for it then finds no guard and makes its own. And only our own mark: after
# a crash of the server another guard may have taken over already.
if [ "$(cat "$folder/guard" 2>/dev/null)" = "$$ $server" ]; then rm -f "$folder/guard" "$folder/end"; fi
rm -rf "$folder/closing"
