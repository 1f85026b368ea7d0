# Completion of cqrs for fish. cqrs itself answers what can follow.
function __cqrs_answers
    set -l line (commandline -cp | string replace -r '^\s*\S+\s?' '')
    cqrs "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete -c cqrs -f -a '(__cqrs_answers)'
