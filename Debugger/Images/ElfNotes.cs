using System.Buffers.Binary;

namespace MmuEmu.Debugger.Images;

/// <summary>The notes of an ELF core that tell of page tables.</summary>
internal sealed class ElfNotes
{
    private const ulong MostBytes = 64 << 20;
    private const int HeadBytes = 12;
    private readonly List<ImageCpu> _cpus = [];

    /// <summary>The processors, in the order of their notes.</summary>
    public IReadOnlyList<ImageCpu> Cpus => _cpus;

    /// <summary>Linux's note; null when there is none.</summary>
    public VmcoreInfo? Linux { get; private set; }

    /// <summary>Reads one segment of notes; one that is cut short, or too long to be believed, tells nothing more.</summary>
    public void Read(ImageFile file, ulong offset, ulong length)
    {
        byte[] all = new byte[Math.Min(length, MostBytes)];
        if (!file.TryRead(offset, all))
        {
            return;
        }

        for (ReadOnlySpan<byte> rest = all; rest.Length >= HeadBytes;)
        {
            ulong nameEnd = HeadBytes + Padded(BinaryPrimitives.ReadUInt32LittleEndian(rest));
            uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            ulong end = nameEnd + Padded(bytes);
            if (end > (ulong)rest.Length)
            {
                return;
            }

            Take(rest[HeadBytes..(int)nameEnd], rest.Slice((int)nameEnd, (int)bytes));
            rest = rest[(int)end..];
        }
    }

    private void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        if (name.StartsWith("QEMU\0"u8) && QemuCpuState.TryRead(content, _cpus.Count, out ImageCpu cpu))
        {
            _cpus.Add(cpu);
        }
        else if (name.StartsWith("VMCOREINFO\0"u8))
        {
            Linux = VmcoreInfo.Of(content) ?? Linux;
        }
    }

    private static ulong Padded(uint bytes) => ((ulong)bytes + 3) & ~3UL;
}
