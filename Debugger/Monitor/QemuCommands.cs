using System.Globalization;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>What scripts ask of QEMU's monitor, in its form.</summary>
/// <remarks>Source: [QEMU target/i386/monitor.c, target/i386/cpu-dump.c].</remarks>
internal static class QemuCommands
{
    private static readonly string[] Registers =
    [
        "RAX", "RBX", "RCX", "RDX", "RSI", "RDI", "RBP", "RSP", "R8 ", "R9 ", "R10", "R11", "R12", "R13", "R14", "R15",
    ];

    private static readonly int[] Numbers = [Gpr.Rax, Gpr.Rbx, Gpr.Rcx, Gpr.Rdx, Gpr.Rsi, Gpr.Rdi, Gpr.Rbp, Gpr.Rsp, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary><c>info</c>.</summary>
    public static IEnumerable<string> Info(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        return words[0] switch
        {
            "mem" => Mappings(context),
            "tlb" => Pages(context),
            "registers" => context.Journey.Look(RegisterLines),
            _ => throw words.Refusal("mem, tlb or registers", words[0], "info mem"),
        };
    }

    /// <summary><c>gva2gpa</c>.</summary>
    public static IEnumerable<string> ToPhysical(MonitorContext context, CommandWords words)
    {
        words.AtMost(1);
        VirtAddr address = new AddressReader(context).Read(words[0]);
        int space = context.Space();
        EntryView? entry = context.View(view => view.EntryAt(space, address));
        return [entry is { Frame: { } frame, Entry.Present: true } ? $"gpa: 0x{frame.Base.Raw + (ulong)address.PageOffset:x}" : "Unmapped"];
    }

    /// <summary><c>gpa2hva</c>.</summary>
    public static IEnumerable<string> ToHost(MonitorContext context, CommandWords words) => throw new CommandException(
        ExitCodes.Usage,
        "gpa2hva: expected RAM that another process of the host can read; found none: this machine keeps its RAM to itself",
        $"try: x phys:{(words.Count == 0 ? "0x1000" : OwnText.Printable(words[0]))}");

    private static IEnumerable<string> Mappings(MonitorContext context)
    {
        List<(VirtAddr Start, ulong Bytes, string Rights)> ranges = [];
        foreach ((VirtAddr address, EntryView entry) in Leaves(context))
        {
            Rights rights = entry.Rights!.Value;
            string text = $"{(rights.User ? 'u' : '-')}r{(rights.Write ? 'w' : '-')}";
            ulong bytes = entry.Size!.Value.Bytes();
            if (ranges.Count > 0 && ranges[^1] is var last && last.Start.Raw + last.Bytes == address.Raw && last.Rights == text)
            {
                ranges[^1] = last with { Bytes = last.Bytes + bytes };
                continue;
            }

            ranges.Add((address, bytes, text));
        }

        return ranges.Select(range => $"{range.Start.Raw:x16}-{range.Start.Raw + range.Bytes:x16} {range.Bytes:x16} {range.Rights}");
    }

    private static IEnumerable<string> Pages(MonitorContext context) => Leaves(context).Select(leaf =>
    {
        Pte entry = leaf.Entry.Entry;
        bool large = leaf.Entry.Size != PageSize.Size4K;
        (bool Set, char Letter)[] bits =
        [
            (entry.Has(PteBits.XD), 'X'), (entry.Has(PteBits.G), 'G'), (large, 'P'), (entry.Has(PteBits.D), 'D'), (entry.Has(PteBits.A), 'A'),
            (entry.Has(PteBits.PCD), 'C'), (entry.Has(PteBits.PWT), 'T'), (entry.Has(PteBits.US), 'U'), (entry.Has(PteBits.RW), 'W'),
        ];
        return $"{leaf.Address.Raw:x16}: {entry.LeafFrame(leaf.Entry.Size!.Value).Base.Raw:x16} {string.Concat(bits.Select(bit => bit.Set ? bit.Letter : '-'))}";
    });

    /// <summary>The present leaves of the space at work, lowest address first: of mappings only, for programs have no others.</summary>
    private static List<(VirtAddr Address, EntryView Entry)> Leaves(MonitorContext context)
    {
        int space = context.Space();
        return context.View(view =>
        {
            List<(VirtAddr Address, EntryView Entry)> leaves = [];
            foreach (VmaView vma in view.Vmas(space).Where(vma => vma.ResidentPages > 0 || view.PagesFrom(space, vma.Range.Start, new PageState[1]) > 0))
            {
                for (VirtAddr at = vma.Range.Start; at.Raw < vma.Range.End.Raw;)
                {
                    EntryView entry = view.EntryAt(space, at)!;
                    bool leaf = entry is { Size: not null, Rights: not null };
                    if (leaf)
                    {
                        leaves.Add((at, entry));
                    }

                    // A table that is not there decides for all that it would hold.
                    ulong step = leaf ? entry.Size!.Value.Bytes() : entry.Path.Last.Level.Span();
                    at = new VirtAddr((at.Raw & ~(step - 1)) + step);
                }
            }

            return leaves;
        });
    }

    private static List<string> RegisterLines(MiniKernel kernel)
    {
        Vcpu cpu = kernel.Core.Vcpu;
        ControlRegisters control = cpu.Control;
        List<string> lines = [];
        for (int i = 0; i < Numbers.Length; i += 4)
        {
            lines.Add(string.Join(' ', Enumerable.Range(i, 4).Select(n => $"{Registers[n]}={cpu[Numbers[n]]:x16}")));
        }

        (int Bit, char Letter)[] flags = [(10, 'D'), (11, 'O'), (7, 'S'), (6, 'Z'), (4, 'A'), (2, 'P'), (0, 'C')];
        string set = string.Concat(flags.Select(flag => (cpu.Flags >> flag.Bit & 1) != 0 ? flag.Letter : '-'));
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"RIP={cpu.Rip:x16} RFL={(uint)cpu.Flags:x8} [{set}] CPL={control.Cpl} II=0 A20=1 SMM=0 HLT=0"));
        lines.Add($"CS ={control.Cs:x4} SS ={control.Ss:x4} DS ={control.Ds:x4} ES ={control.Es:x4}");
        lines.Add($"FS ={control.Fs:x4} {cpu.FsBase:x16} GS ={control.Gs:x4} {cpu.GsBase:x16}");
        lines.Add($"CR0={(uint)control.Cr0:x8} CR2={control.Cr2:x16} CR3={kernel.Core.Mmu.Mode.Root.Base.Raw | kernel.Core.Mmu.Mode.Pcid:x16} CR4={(uint)control.Cr4:x8}");
        lines.Add($"EFER={control.Efer:x16}");
        return lines;
    }
}
