set follow-fork-mode child
catch fork
continue
info inferiors
continue
info inferiors
continue
info threads
continue
