using MmuEmu.Debugger.Source;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Values;
using MmuEmu.Guests;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Debugger.Monitor;

/// <summary>The source of the process at work: from its addresses to lines and functions, and back. Files are read once.</summary>
/// <param name="journey">The journey.</param>
internal sealed class SourceLines(Journey journey) : IDisposable
{
    private readonly Dictionary<(string Path, ulong Start, ulong Offset), LoadedObject?> _known = [];
    private readonly Dictionary<string, int> _files = [];
    private readonly Dictionary<ulong, LinePoint?> _points = [];
    private IReadOnlyList<(VirtRange Range, LoadedObject File)> _code = [];
    private Position? _seen;

    /// <summary>Programs and libraries whose code the process at work has mapped, lowest first.</summary>
    public IReadOnlyList<LoadedObject> Objects()
    {
        Look();
        return [.. _code.Select(piece => piece.File).Distinct()];
    }

    /// <summary>For steps by line: a number for the line of an address; null where no line is known.</summary>
    /// <remarks>What is mapped is looked up once, where the journey is: a step stays in one process.</remarks>
    public LinePoint? PointAt(ulong address)
    {
        if (!_points.TryGetValue(address, out LinePoint? point))
        {
            point = FileAt(_code, new VirtAddr(address)) is { } file ? Find(file.Map, address) : null;
            _points.Add(address, point);
        }

        return point;
    }

    /// <summary>The source of an instruction of the process at work.</summary>
    public SourcePlace PlaceAt(VirtAddr address)
    {
        Look();
        return Place(address, FileAt(_code, address));
    }

    /// <summary>Where the thread at work was at another position.</summary>
    public SourcePlace PlaceOf(Position where)
    {
        (VirtAddr rip, List<(VirtRange Range, LoadedObject File)> code) =
            journey.Course.Look(where, kernel => (new VirtAddr(kernel.Core.Vcpu.Rip), CodeIn(kernel)));
        return Place(rip, FileAt(code, rip));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LoadedObject? file in _known.Values)
        {
            file?.Dispose();
        }
    }

    /// <summary>Looks which code is mapped here, unless that is known.</summary>
    public void Look()
    {
        if (_seen != journey.Here)
        {
            journey.Look(kernel =>
            {
                Look(kernel);
                return true;
            });
        }
    }

    /// <summary>Likewise for who is looking at the run already.</summary>
    public void Look(MiniKernel kernel)
    {
        if (_seen == journey.Here)
        {
            return;
        }

        List<(VirtRange Range, LoadedObject File)> code = CodeIn(kernel);
        _seen = journey.Here;
        if (!code.SequenceEqual(_code))
        {
            _code = code;
            _points.Clear();
        }
    }

    private static SourcePlace Place(VirtAddr address, LoadedObject? file)
    {
        if (file is null)
        {
            return new SourcePlace(address);
        }

        SourceFrame frame = file.Map.FramesAt(address.Raw) is [var innermost, ..] ? innermost : default;
        (string name, ulong offset) = file.Map.FunctionAt(address.Raw) ?? (frame.Function ?? "", 0UL);
        return new SourcePlace(address) { Function = name, Offset = offset, File = frame.File ?? "", Line = frame.Line, Object = file };
    }

    private static LoadedObject? FileAt(IReadOnlyList<(VirtRange Range, LoadedObject File)> code, VirtAddr address)
    {
        foreach ((VirtRange range, LoadedObject file) in code)
        {
            if (range.Contains(address))
            {
                return file;
            }
        }

        return null;
    }

    private List<(VirtRange Range, LoadedObject File)> CodeIn(MiniKernel kernel) =>
        MonitorContext.SpaceOf(kernel) is { } space ? CodeOf(new KernelView(kernel), space) : [];

    private LinePoint? Find(SourceMap map, ulong address)
    {
        if (map.FramesAt(address) is not [{ Line: > 0 } frame, ..])
        {
            return null;
        }

        if (!_files.TryGetValue(frame.File, out int number))
        {
            number = _files.Count;
            _files.Add(frame.File, number);
        }

        bool starts = map.StatementAt(address).Any(range => range.Start == address);
        return new LinePoint(((long)number << 32) | (uint)frame.Line, starts);
    }

    private List<(VirtRange Range, LoadedObject File)> CodeOf(KernelView view, int space)
    {
        List<(VirtRange Range, LoadedObject File)> code = [];
        foreach (VmaView vma in view.Vmas(space))
        {
            if ((vma.Flags & VmFlags.Exec) != 0 && vma.HasFile && vma.Name.StartsWith('/'))
            {
                (string, ulong, ulong) key = (vma.Name, vma.Range.Start.Raw, vma.Offset);
                if (!_known.TryGetValue(key, out LoadedObject? file))
                {
                    file = Open(view, vma);
                    _known.Add(key, file);
                }

                if (file is not null)
                {
                    code.Add((vma.Range, file));
                }
            }
        }

        return code;
    }

    /// <summary>Reads a file where it is: on the host, or, for a program that ships, from what the guest has of it.</summary>
    private static LoadedObject? Open(KernelView view, VmaView vma)
    {
        string? host = view.HostPathOf(vma.Name);
        byte[]? content = null;
        if (host is null && !view.TryReadFile(vma.Name, out content))
        {
            return null;
        }

        string path = host ?? (GuestCatalogue.TryFindFileAt(vma.Name, out string? shipped) ? shipped : vma.Name);
        ReadOnlyMemory<byte>? bytes = content is null ? (ReadOnlyMemory<byte>?)null : content;
        SourceMap plain = new(path) { Content = bytes };
        ulong bias = plain.Info.BiasOf(vma.Range.Start.Raw, vma.Offset) ?? 0;
        if (bias != 0)
        {
            plain.Dispose();
            plain = new SourceMap(path, bias) { Content = bytes };
        }

        return new LoadedObject(vma.Name, plain, new Lazy<ElfSymbols>(() => SymbolsOf(path, content)));
    }

    private static ElfSymbols SymbolsOf(string path, byte[]? content)
    {
        if (content is null)
        {
            return ElfSymbols.Of(path);
        }

        using ElfFile? file = ElfFile.TryOpen(path, content, out ElfFile? opened, out _) ? opened : null;
        return file is null ? ElfSymbols.Of("") : ElfSymbols.Of(file);
    }
}
