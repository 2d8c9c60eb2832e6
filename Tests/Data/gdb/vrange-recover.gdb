echo \n# to the signal\n
continue
p $_siginfo.si_signo
p/x $_siginfo._sifields._sigfault.si_addr
p $pte
p $swpte
p $pferr
p/x $cr2
p $icount
info threads
echo \n# one instruction back\n
reverse-stepi
x/i $pc
p $icount
continue
echo \n# back to the purge: the write of the entry\n
set $slot = (((unsigned long) $pde >> 12 & 0xffffffffff) << 12) + ((unsigned long) $cr2 >> 12 & 0x1ff) * 8
p/x $slot
monitor walk 0x7ffff7ff1125
maint packet Qqemu.PhyMemMode:1
maint flush dcache
p/x *(unsigned long *) $slot
watch *(unsigned long *) $slot
reverse-continue
p $pte
p $icount
info threads
continue
p $pte
p $swpte
info threads
delete
maint packet Qqemu.PhyMemMode:0
echo \n# and on to the end, and back\n
handle SIGBUS nostop noprint pass
continue
p $icount
reverse-stepi
reverse-continue
p $icount
