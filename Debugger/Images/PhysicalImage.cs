using MmuEmu.Debugger.Options;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Images;

/// <summary>The physical memory of another machine, in a file.</summary>
internal sealed class PhysicalImage : IDisposable
{
    private readonly ImageFile _file;

    private PhysicalImage(ImageFile file, ImageContent content) => (_file, Content) = (file, content);

    /// <summary>What the option takes.</summary>
    public const string Form = "FILE or FILE,START";

    /// <summary>Its file, as it was typed.</summary>
    public string Name => _file.Name;

    /// <summary>What the file holds.</summary>
    public ImageContent Content { get; }

    /// <summary>Opens the image that <paramref name="text"/> names: FILE, or FILE,START where START is the physical address of its first byte.</summary>
    /// <exception cref="CommandException">There is none, or it is of a kind that cannot be read.</exception>
    public static PhysicalImage Open(string text)
    {
        int comma = text.LastIndexOf(',');
        bool raw = comma > 0 && !File.Exists(text);
        ulong start = raw ? StartOf(text, text[(comma + 1)..]) : 0;
        ImageFile file = ImageFile.Open(raw ? text[..comma] : text);
        try
        {
            return new PhysicalImage(file, raw ? ImageFormats.Raw(file, start) : ImageFormats.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The 8 bytes at <paramref name="address"/>; null where the image has none.</summary>
    public ulong? ReadUInt64(PhysAddr address)
    {
        foreach (ImageSegment segment in Content.Segments)
        {
            if (segment.HasEntry(address))
            {
                return _file.ReadUInt64(segment.FileOffset + (address.Raw - segment.Start.Raw));
            }
        }

        return null;
    }

    /// <summary>Whether the byte at <paramref name="address"/> is in the image.</summary>
    public bool Has(PhysAddr address) => Content.Segments.Any(segment => segment.Has(address));

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static ulong StartOf(string text, string start) =>
        HexNumber.TryParse(start, out ulong value) && value % 4096 == 0
            ? value
            : throw new CommandException(
                ExitCodes.Usage, $"--image '{text}': expected {Form}, START a multiple of 4096, {HexNumber.Form}", "try: --image upper.raw,0x100000000");
}
