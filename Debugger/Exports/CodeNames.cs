using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Source;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Exports;

/// <summary>The functions and lines of a run's programs and libraries, by their own files and the debug files beside them.</summary>
/// <param name="plan">The run.</param>
/// <param name="program">Bytes of the program, when they are at hand.</param>
internal sealed class CodeNames(PlannedRun plan, byte[]? program) : IDisposable
{
    private readonly Dictionary<(int Space, ulong Rip), CodeName> _known = [];
    private readonly Dictionary<(string Path, ulong Bias), SourceMap> _maps = [];

    /// <summary>What the code at <paramref name="rip"/> is called.</summary>
    public CodeName Of(KernelView view, int space, VirtAddr rip)
    {
        if (!_known.TryGetValue((space, rip.Raw), out CodeName name))
        {
            _known.Add((space, rip.Raw), name = Find(view.VmaAt(space, rip), rip));
        }

        return name;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SourceMap map in _maps.Values)
        {
            map.Dispose();
        }
    }

    private CodeName Find(VmaView? vma, VirtAddr rip)
    {
        if (vma is null)
        {
            return new CodeName(rip.ToString(), "", 0);
        }

        string file = vma.Name[(vma.Name.LastIndexOf('/') + 1)..];
        string other = vma.HasFile ? $"{file}+0x{rip.Raw - vma.Range.Start.Raw + vma.Offset:x}" : file.Length > 0 ? file : "anonymous code";
        if (!vma.HasFile || MapOf(vma) is not { } map)
        {
            return new CodeName(other, "", 0);
        }

        string function = map.FunctionAt(rip.Raw)?.Name ?? other;
        if (map.FramesAt(rip.Raw) is not [{ Line: > 0 } inner, ..] frames)
        {
            return new CodeName(function, "", 0);
        }

        SourceFrame outer = frames[^1];
        return new CodeName(function, NameOf(inner.File), inner.Line)
        {
            Into = outer.File != inner.File && outer.Line > 0 ? CodeName.TextOf(NameOf(outer.File), outer.Line) : "",
        };
    }

    private static string NameOf(string file) => OwnText.Printable(file[(file.LastIndexOf('/') + 1)..]);

    private SourceMap? MapOf(VmaView vma)
    {
        string? path = PathOf(vma.Name);
        if (path is null || SourceMap.BiasOf(path, vma.Range.Start.Raw, vma.Offset) is not { } bias)
        {
            return null;
        }

        if (!_maps.TryGetValue((path, bias), out SourceMap? map))
        {
            // Folders with split debug files are the host's: with them two hosts would name two functions.
            map = new SourceMap(path, bias) { DebugFolders = [], Content = IsProgram(vma.Name) && program is not null ? program : default(ReadOnlyMemory<byte>?) };
            _maps.Add((path, bias), map);
        }

        return map;
    }

    private bool IsProgram(string name) => name == (plan.Options.ProgramPath ?? plan.Options.Program);

    private string? PathOf(string name) =>
        plan.Options.ProgramPath is null ? RootedPath.OnHost(plan.Options.HostRoot, name)
        : IsProgram(name) ? plan.Options.Program
        : null;
}
