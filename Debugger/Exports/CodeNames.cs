using MmuEmu.Debugger.Sessions;
using MmuEmu.Debugger.Source;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Exports;

/// <summary>The functions of a run's programs and libraries, by the symbols in their own files.</summary>
/// <param name="plan">The run.</param>
/// <param name="program">Bytes of the program, when they are at hand.</param>
internal sealed class CodeNames(PlannedRun plan, byte[]? program) : IDisposable
{
    private readonly Dictionary<(int Space, ulong Rip), string> _known = [];
    private readonly Dictionary<(string Path, ulong Bias), SourceMap> _maps = [];

    /// <summary>The function at <paramref name="rip"/>; without one the mapping and how far into its file.</summary>
    public string Of(KernelView view, int space, VirtAddr rip)
    {
        if (!_known.TryGetValue((space, rip.Raw), out string? name))
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

    private string Find(VmaView? vma, VirtAddr rip)
    {
        if (vma is null)
        {
            return rip.ToString();
        }

        string file = vma.Name[(vma.Name.LastIndexOf('/') + 1)..];
        string other = vma.HasFile ? $"{file}+0x{rip.Raw - vma.Range.Start.Raw + vma.Offset:x}" : file.Length > 0 ? file : "anonymous code";
        return vma.HasFile && MapOf(vma) is { } map && map.FunctionAt(rip.Raw) is { } found ? found.Name : other;
    }

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
