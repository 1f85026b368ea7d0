# Completion of cqrs for bash. cqrs itself answers what can follow; where it knows nothing, files are offered.
_cqrs() {
    local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" answers
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line#*[[:space:]]}"
    answers="$(cqrs "[suggest:${#line}]" "$line" 2>/dev/null)"
    local IFS=$'\n'
    COMPREPLY=($(compgen -W "$answers" -- "$word"))
}
complete -o default -F _cqrs cqrs
