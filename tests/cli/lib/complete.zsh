# complete.zsh FOLDER LINE: types LINE and the tabulator key to a zsh with FOLDER's completions,
# on a terminal of its own, and prints the line that comes of it.

zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1= RPS1= ; fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -D -u"
zpty -w z 'finish() { print -r -- "<[$BUFFER]>"; zle -I; BUFFER=; zle accept-line }'
zpty -w z "zle -N finish; bindkey '^X' finish; unsetopt beep; print READY-NOW | tr - _"
zpty -r z out '*READY_NOW*'
zpty -n -w z "$2"$'\t\x18'
zpty -r z out '*\<\[*\]\>*'
out=${out##*'<['}
print -r -- "${out%%']>'*}"
zpty -d z
