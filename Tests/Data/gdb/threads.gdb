catch syscall exit_group
catch syscall futex
continue
continue
continue
info threads
delete 2
continue
info threads
thread 1
x/i $pc
reverse-stepi
info threads
handle SIG32 nostop noprint pass
continue
info threads
continue
