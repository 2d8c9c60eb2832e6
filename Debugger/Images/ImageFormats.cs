namespace MmuEmu.Debugger.Images;

/// <summary>Tells what a file is from its first bytes.</summary>
internal static class ImageFormats
{
    private const int MagicBytes = 16;

    private static readonly (byte[] Magic, string Is, string Hint)[] Refused =
    [
        ([.. "KDUMP   "u8], "is a kdump-compressed dump; expected plain memory", DumpAgain),
        ([.. "DISKDUMP"u8], "is a diskdump; expected plain memory", DumpAgain),
        ([.. "makedumpfile"u8], "is a dump in makedumpfile's flattened form", "try: makedumpfile -R dump < FILE; then --image dump, if that is ELF"),
        ([.. "QEVM"u8], "is a state that QEMU saved (savevm, migrate)", "try, in QEMU's monitor with that state loaded: dump-guest-memory memory.elf"),
        ([.. "LibvirtQemudSave"u8], "is a state that libvirt saved", "try: virsh restore FILE, then virsh dump --memory-only --format elf VM memory.elf"),
        ([.. "PAGEDU64"u8], "is a Windows crash dump", "try: virsh dump --memory-only --format elf VM memory.elf"),
        ([0x1F, 0x8B], "is compressed by gzip", "try: gzip -dc FILE > memory"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "is compressed by xz", "try: xz -dc FILE > memory"),
        ([0x28, 0xB5, 0x2F, 0xFD], "is compressed by zstd", "try: zstd -dc FILE > memory"),
        ([0x04, 0x22, 0x4D, 0x18], "is compressed by lz4", "try: lz4 -dc FILE > memory"),
        ([.. "BZh"u8], "is compressed by bzip2", "try: bzip2 -dc FILE > memory"),
    ];

    private const string DumpAgain =
        "dump again as ELF: makedumpfile -E -d 0 /proc/vmcore memory.elf; virsh dump --memory-only --format elf VM memory.elf; QEMU: dump-guest-memory without -z, -l, -s";

    /// <summary>What <paramref name="file"/> holds; unknown bytes are memory from physical address 0 on.</summary>
    /// <exception cref="CommandException">It is of a kind that has to be converted, or a broken one.</exception>
    public static ImageContent Read(ImageFile file)
    {
        Span<byte> first = stackalloc byte[MagicBytes];
        if (!file.TryRead(0, first))
        {
            throw ImageFile.Refusal(file.Name, $"has {file.Length} bytes, which hold no page tables");
        }

        foreach ((byte[] magic, string what, string hint) in Refused)
        {
            if (first.StartsWith(magic))
            {
                throw ImageFile.Refusal(file.Name, what, hint.Replace("FILE", file.Name, StringComparison.Ordinal));
            }
        }

        return first.StartsWith("\u007fELF"u8) ? ElfCore.Read(file)
            : first.StartsWith("EMiL"u8) ? LimeFile.Read(file)
            : Raw(file, 0);
    }

    /// <summary>The whole of <paramref name="file"/> as memory from <paramref name="start"/> on, whatever its first bytes are.</summary>
    public static ImageContent Raw(ImageFile file, ulong start) => new("raw memory", [new ImageSegment(new(start), file.Length, 0)]);
}
