using System.Globalization;
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
    private readonly Dictionary<string, int> _calls = [];
    private readonly Dictionary<ulong, LinePoint?> _points = [];
    private readonly Dictionary<int, IReadOnlyList<(VirtRange Range, LoadedObject File)>> _others = [];
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

    /// <summary>The source of a thread of the process at work. In a system call that is the call's line: the register is behind it, where another line may begin.</summary>
    public SourcePlace PlaceOf(VirtAddr rip, TaskView? task)
    {
        Look();
        return Place(rip, FileAt(_code, rip), BytesBack(task));
    }

    /// <summary>Likewise of a thread of any address space that is here.</summary>
    public SourcePlace PlaceOf(TaskView task, int? space) => Place(task.Rip, FileAt(CodeOfSpace(space ?? 0, journey.Here), task.Rip), BytesBack(task));

    /// <summary>The source of an instruction of any address space.</summary>
    /// <param name="space">The space.</param>
    /// <param name="address">The instruction.</param>
    /// <param name="when">When it ran, for a space that is not here.</param>
    public SourcePlace PlaceIn(int space, VirtAddr address, Position when) => Place(address, FileAt(CodeOfSpace(space, when), address));

    /// <summary>Where the thread at work is.</summary>
    public SourcePlace PlaceHere()
    {
        (VirtAddr rip, TaskView? task) = journey.Look(kernel => (new VirtAddr(kernel.Core.Vcpu.Rip), new KernelView(kernel).Current));
        return PlaceOf(rip, task);
    }

    /// <summary>Where the thread at work was at another position.</summary>
    public SourcePlace PlaceOf(Position where)
    {
        (VirtAddr rip, TaskView? task, List<(VirtRange Range, LoadedObject File)> code) =
            journey.Course.Look(where, kernel => (new VirtAddr(kernel.Core.Vcpu.Rip), new KernelView(kernel).Current, CodeIn(kernel)));
        return Place(rip, FileAt(code, rip), BytesBack(task));
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
        _others.Clear();
        if (!code.SequenceEqual(_code))
        {
            _code = code;
            _points.Clear();
        }
    }

    /// <summary>From the register to a byte of the instruction whose line counts.</summary>
    private static ulong BytesBack(TaskView? task) => task is { CallName.Length: > 0 } ? 1UL : 0;

    private static SourcePlace Place(VirtAddr address, LoadedObject? file, ulong bytesBack = 0)
    {
        if (file is null)
        {
            return new SourcePlace(address);
        }

        IReadOnlyList<SourceFrame> frames = file.Map.FramesAt(address.Raw - bytesBack);
        SourceFrame frame = frames is [var innermost, ..] ? innermost : default;
        (string name, ulong offset) = file.Map.FunctionAt(address.Raw) ?? (frame.Function ?? "", 0UL);
        return new SourcePlace(address) { Function = name, Offset = offset, File = frame.File ?? "", Line = frame.Line, Object = file, Callers = [.. frames.Skip(1)] };
    }

    private IReadOnlyList<(VirtRange Range, LoadedObject File)> CodeOfSpace(int space, Position when)
    {
        Look();
        if (!_others.TryGetValue(space, out IReadOnlyList<(VirtRange Range, LoadedObject File)>? code))
        {
            code = journey.Look(kernel => CodeIn(kernel, space)) ?? journey.Course.Look(when, kernel => CodeIn(kernel, space)) ?? [];
            _others.Add(space, code);
        }

        return code;
    }

    /// <summary>Null when there is no such space.</summary>
    private List<(VirtRange Range, LoadedObject File)>? CodeIn(MiniKernel kernel, int space)
    {
        KernelView view = new(kernel);
        return view.Spaces().Any(one => one.Id == space) ? CodeOf(view, space) : null;
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
        if (map.FramesAt(address) is not [{ Line: > 0 } frame, ..] frames)
        {
            return null;
        }

        // Of two calls side by side that were inlined from one line, each is a line of its own.
        string calls = string.Join('\n', frames.Select(call => string.Create(CultureInfo.InvariantCulture, $"{call.File}:{call.Line}")));
        if (!_calls.TryGetValue(calls, out int number))
        {
            number = _calls.Count;
            _calls.Add(calls, number);
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
