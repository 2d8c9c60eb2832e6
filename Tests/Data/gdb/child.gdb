set follow-fork-mode child
catch fork
continue
continue
info threads
reverse-stepi
info threads
continue
continue
