#compdef cqrs
# Completion of cqrs for zsh. cqrs itself answers what can follow; where it knows nothing, files are offered.
_cqrs() {
    local line="${(j: :)words[2,CURRENT]}"
    local -a answers
    answers=("${(@f)$(cqrs "[suggest:${#line}]" "$line" 2>/dev/null)}")
    answers=("${(@)answers:#}")
    compadd -- "${answers[@]}" || _files
}
if [ "${funcstack[1]}" = "_cqrs" ]; then
    _cqrs "$@"
else
    compdef _cqrs cqrs
fi
