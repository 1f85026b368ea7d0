# Runs one program and sees to its end. Started by the app host as: bash -c SCRIPT guard SIGNAL SECONDS PROGRAM ARGUMENT...
#
# Standard input is a pipe that only the app host holds. Every line on it is the name of a signal for the program and all
# its processes. Its end means that the app host is gone, killed perhaps: then the program gets SIGNAL and, if it has not
# ended after SECONDS, SIGKILL. The first line on standard output is the program's process id.
stop_signal=$1 grace=$2
shift 2
trap : HUP INT TERM
# The program keeps standard error; the shell would report on it there how its jobs ended.
exec 3<&0 4>&2 </dev/null 2>/dev/null
setsid "$@" 3<&- 2>&4 4>&- &
program=$!
echo "$program"
(
    while read -r name <&3; do kill -s "$name" -- "-$program"; done
    kill -s "$stop_signal" -- "-$program"
    tenths=$((grace * 10))
    while [ "$tenths" -gt 0 ] && kill -s 0 -- "-$program"; do
        sleep 0.1
        tenths=$((tenths - 1))
    done
    kill -s KILL -- "-$program"
) >/dev/null 4>&- &
watcher=$!
# A signal to the guard itself only interrupts the wait.
while :; do
    wait "$program"
    code=$?
    kill -s 0 "$program" || break
done
kill -s KILL -- "-$program"
kill -s KILL "$watcher"
exit "$code"
