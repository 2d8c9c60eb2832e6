using System.Collections.Immutable;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>A file of the host that the guest can see.</summary>
/// <param name="Path">Its absolute path as the guest knows it, without symbolic links; the first program's path is as it was asked for.</param>
/// <param name="HostPath">Where it lies on the host.</param>
internal readonly record struct HostFile(string Path, string HostPath);

/// <summary>Which files of the host a run has opened or read.</summary>
internal sealed class OpenedHostFiles : IStateful
{
    private ImmutableSortedDictionary<string, HostFile> _files = ImmutableSortedDictionary.Create<string, HostFile>(StringComparer.Ordinal);

    /// <summary>Each once, sorted by its path.</summary>
    public IEnumerable<HostFile> All => _files.Values;

    /// <summary>Notes a file, if it is not noted yet.</summary>
    public void Add(HostFile file) => _files = _files.ContainsKey(file.Path) ? _files : _files.Add(file.Path, file);

    object IStateful.Save(object? last) => _files;

    void IStateful.Restore(object state) => _files = (ImmutableSortedDictionary<string, HostFile>)state;
}
