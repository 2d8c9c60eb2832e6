maint packet Qqemu.PhyMemMode:1
echo # a PDE and a PTE of what is mapped later\n
watch *(unsigned long *) 0x9df8
watch *(unsigned long *) 0x12f88
continue
info threads
monitor micro
continue
continue
info threads
continue
info threads
continue
reverse-continue
info threads
reverse-continue
info threads
reverse-continue
info threads
reverse-continue
info threads
reverse-continue
