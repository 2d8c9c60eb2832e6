using MmuEmu.Debugger.Source;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Monitor;

/// <summary>A program or a library as a process has it: a file, and where its code lies.</summary>
/// <param name="path">Its path in the guest's world.</param>
/// <param name="map">Its source.</param>
/// <param name="symbols">Its symbols, read when somebody asks.</param>
internal sealed class LoadedObject(string path, SourceMap map, Lazy<ElfSymbols> symbols) : IDisposable
{
    /// <summary>Its path in the guest's world.</summary>
    public string Path => path;

    /// <summary>Its name without folders.</summary>
    public string Name => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Its source.</summary>
    public SourceMap Map => map;

    /// <summary>All that its symbol tables name, functions and data.</summary>
    public IReadOnlyList<ElfSymbol> Symbols => symbols.Value.All;

    /// <summary>Where the symbols of that name are; those that all files see come before those of one file.</summary>
    public IReadOnlyList<VirtAddr> AddressesOf(string name)
    {
        ElfSymbol[] same = [.. Symbols.Where(symbol => symbol.IsDefined && symbol.Name == name)];
        ElfSymbol[] best = same.Any(symbol => symbol.IsGlobal) ? [.. same.Where(symbol => symbol.IsGlobal)] : same;
        return [.. best.Select(symbol => new VirtAddr(symbol.Value + map.Bias)).Distinct().OrderBy(address => address.Raw)];
    }

    /// <inheritdoc/>
    public void Dispose() => map.Dispose();
}
