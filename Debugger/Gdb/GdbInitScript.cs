namespace MmuEmu.Debugger.Gdb;

/// <summary>What <c>mmuemu gdbinit</c> prints: commands and a window for gdb, in its Python.</summary>
internal static class GdbInitScript
{
    /// <summary>The script.</summary>
    public const string Text = """"
        # Commands for gdb at a run of mmuemu.    mmuemu gdbinit >mmuemu.gdb;  gdb -x mmuemu.gdb -ex 'target remote :1234'
        # Source: [GDB manual, "Python API", "TUI Windows In Python"].
        python
        import gdb

        def mmuemu_monitor(line):
            return gdb.execute('monitor ' + line, to_string=True)

        def mmuemu_address(text):
            return hex(int(gdb.parse_and_eval(text).cast(gdb.lookup_type('unsigned long'))))

        class MmuEmuCommand(gdb.Command):
            """A line for mmuemu; an expression behind it is worked out by gdb."""
            def __init__(self, name, says, expression=False, moves=False):
                self.__doc__ = says
                self.name, self.expression, self.moves = name, expression, moves
                super(MmuEmuCommand, self).__init__(name, gdb.COMMAND_DATA)

            def invoke(self, text, from_tty):
                if self.expression and text:
                    text = mmuemu_address(text)
                answer = mmuemu_monitor((self.name + ' ' + text).strip())
                gdb.write(answer)
                if self.expression or self.moves:
                    gdb.execute('maint flush register-cache', to_string=True)
                if self.moves:
                    gdb.write(gdb.execute('frame', to_string=True))
                for window in MmuEmuWindow.shown:
                    window.render()

        class MmuEmuPhysical(gdb.Command):
            """physical on|off: addresses of memory commands are physical, or virtual again."""
            def __init__(self):
                super(MmuEmuPhysical, self).__init__('physical', gdb.COMMAND_DATA)

            def invoke(self, text, from_tty):
                gdb.execute('maint packet Qqemu.PhyMemMode:' + ('1' if text == 'on' else '0'), to_string=True)
                gdb.execute('maint flush dcache', to_string=True)

        class MmuEmuRegisters(gdb.Command):
            """ptregs: the registers of paging, and the entries of the address that was walked last."""
            def __init__(self):
                super(MmuEmuRegisters, self).__init__('ptregs', gdb.COMMAND_DATA)

            def invoke(self, text, from_tty):
                for name in ('icount', 'cr2', 'cr3', 'walkaddr', 'pa', 'pfn', 'pferr', 'pml4e', 'pdpte', 'pde', 'pte', 'swpte'):
                    value = gdb.parse_and_eval('$' + name)
                    plain = int(value.cast(gdb.lookup_type('unsigned long')))
                    bits = str(value) if str(value).startswith('[') else str(plain) if name == 'icount' else ''
                    gdb.write(('%-9s 0x%-17x %s' % (name, plain, bits)).rstrip() + '\n')

        class MmuEmuWindow(object):
            """The page walk, drawn anew at each stop:  layout pagewalk"""
            shown = []

            def __init__(self, window):
                self.window = window
                window.title = 'page walk'
                MmuEmuWindow.shown.append(self)
                gdb.events.stop.connect(self.stopped)

            def stopped(self, event):
                self.render()

            def render(self):
                if not self.window.is_valid():
                    return
                try:
                    text = 'pte ' + str(gdb.parse_and_eval('$pte')) + '  swpte ' + str(gdb.parse_and_eval('$swpte')) + '\n'
                    text += mmuemu_monitor('walk ' + hex(int(gdb.parse_and_eval('(unsigned long) $walkaddr'))))
                except gdb.error as error:
                    text = str(error) + '\n'
                self.window.write('\n'.join(text.splitlines()[:self.window.height]), True)

            def close(self):
                MmuEmuWindow.shown.remove(self)
                gdb.events.stop.disconnect(self.stopped)

        MmuEmuCommand('walk', 'walk [EXPR]: the page walk of an address, or of CR2.', expression=True)
        MmuEmuCommand('why', 'why: why the last page fault came.')
        MmuEmuCommand('pte', 'pte EXPR: the entry of an address, bit by bit.', expression=True)
        MmuEmuCommand('vma', 'vma [EXPR]: the mapping of an address, or all.', expression=True)
        MmuEmuCommand('pageframe', 'pageframe FRAME: what a frame of RAM is used for.')
        MmuEmuCommand('last', 'last WHAT: goes back to where something happened last.', moves=True)
        MmuEmuCommand('seek', 'seek T[.K]: goes to a point of the run.', moves=True)
        MmuEmuRegisters()
        MmuEmuPhysical()
        if hasattr(gdb, 'register_window_type'):
            gdb.register_window_type('pagewalk', MmuEmuWindow)
            gdb.execute('tui new-layout pagewalk pagewalk 1 src 1 status 0 cmd 1')
        end
        """";

    /// <summary>Lines that say where this host has the source of the programs that ship: a debugger reads source where it runs itself.</summary>
    public static string SourceIn(string folder) =>
        $"# Source of the programs that ship, on the machine that printed this.\ndirectory {folder.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal)}";
}
