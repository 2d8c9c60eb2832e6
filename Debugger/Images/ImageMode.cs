using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Images;

/// <summary>The control bits and the root table that a walk of an image goes by, and where they are from.</summary>
/// <param name="Mode">What the walk looks at.</param>
/// <param name="Cpu">The processor whose CR0, CR3 and CR4 they are; null when CR3 was typed and no note has it.</param>
internal readonly record struct ImageMode(PagingMode Mode, ImageCpu? Cpu)
{
    private const ulong RootMask = 0x000F_FFFF_FFFF_F000;
    private const ulong Paging = 1UL << 31;
    private const ulong Pae = 1UL << 5;

    /// <summary>What no dump notes: EFER.NXE, and that the processor knows 1 GiB pages.</summary>
    private const PagingBits Assumed = PagingBits.Nxe | PagingBits.Page1G;

    private static readonly (int Bit, PagingBits Means)[] Cr4 =
    [
        (7, PagingBits.Pge), (12, PagingBits.La57), (17, PagingBits.Pcide), (20, PagingBits.Smep), (21, PagingBits.Smap), (22, PagingBits.Pke),
    ];

    /// <summary>The mode of a walk through <paramref name="image"/>.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cr3">CR3 as it was typed; null to take it from the image.</param>
    /// <param name="la57">Five levels were asked for.</param>
    /// <param name="maxPhyAddr">Physical-address width, 36 to 52.</param>
    /// <exception cref="CommandException">Neither the user nor the image tells CR3.</exception>
    public static ImageMode Of(PhysicalImage image, ulong? cr3, bool la57, byte maxPhyAddr)
    {
        ImageCpu? cpu = CpuOf(image.Content, cr3);
        ulong root = cr3 ?? cpu?.Cr3 ?? throw NoCr3(image);
        PagingBits bits = cpu is { } noted ? BitsOf(noted) : PagingBits.Wp | PagingBits.Pge | Assumed;
        bool five = la57 || (cpu is null && image.Content.Linux is { FiveLevels: true });
        bits |= five ? PagingBits.La57 : PagingBits.None;
        ushort pcid = (bits & PagingBits.Pcide) != 0 ? (ushort)(root & 0xFFF) : (ushort)0;
        return new ImageMode(new PagingMode(new Pfn((root & RootMask) >> 12), pcid, bits, maxPhyAddr, Pkru: 0), cpu);
    }

    /// <summary>The processor whose tables are meant: the one with that CR3, otherwise the first in long mode.</summary>
    private static ImageCpu? CpuOf(ImageContent content, ulong? cr3)
    {
        foreach (ImageCpu cpu in content.Cpus)
        {
            bool walks = (cpu.Cr0 & Paging) != 0 && (cpu.Cr4 & Pae) != 0;
            if (walks && (cr3 is null || ((cr3 ^ cpu.Cr3) & RootMask) == 0))
            {
                return cpu;
            }
        }

        return null;
    }

    private static PagingBits BitsOf(in ImageCpu cpu)
    {
        PagingBits bits = Assumed | ((cpu.Cr0 & (1UL << 16)) != 0 ? PagingBits.Wp : PagingBits.None);
        foreach ((int bit, PagingBits means) in Cr4)
        {
            bits |= (cpu.Cr4 & (1UL << bit)) != 0 ? means : PagingBits.None;
        }

        return bits;
    }

    private static CommandException NoCr3(PhysicalImage image) => new(
        ExitCodes.Usage,
        $"--image '{image.Name}': {image.Content.Kind}, which does not say where the tables begin; expected --cr3",
        image.Content.Linux is { } linux
            ? $"try: --cr3 0x{linux.KernelRoot:x}{(linux.FiveLevels ? " --la57" : "")}, the kernel's own tables by VMCOREINFO; for a process's, crash: vtop -c PID"
            : "CR3 is in QEMU's monitor: info registers (virsh qemu-monitor-command --hmp VM 'info registers'); or dump as ELF, which notes it");
}
