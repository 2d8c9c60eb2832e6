break main
continue
info proc mappings
next
next
step
bt
break fib if n == 1
continue
bt
delete
finish
reverse-step
reverse-next
up
info threads
catch syscall write
continue
p $orig_rax
x/s $rsi
continue
delete
stepi
p $rax
set $before = $icount
set var $r15 = 77
p $r15
p $icount - $before
continue
continue
