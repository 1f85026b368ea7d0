# Completion of cqrs for fish. cqrs itself answers what can follow; where it knows nothing, files are offered.
function __cqrs_answers
    set -l line (commandline -cp | string replace -r '^\s*\S+\s?' '')
    set -l answers (cqrs "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -r '.+')
    if test (count $answers) -gt 0
        printf '%s\n' $answers
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c cqrs -f -a '(__cqrs_answers)'
