using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;

namespace MmuEmu.Tests.Builders;

/// <summary>A disk of a host that is not there: files with their bytes, and the folders on the way to them.</summary>
internal sealed class PretendedDisk : IHostDisk
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _times = [];

    /// <summary>How often it was asked anything.</summary>
    public int Asked { get; private set; }

    /// <summary>Puts a file there, or another in its place.</summary>
    public void Add(string path, byte[] content, long modifiedNs = 0) => (_files[path], _times[path]) = (content, modifiedNs);

    /// <summary>Takes a file away.</summary>
    public void Remove(string path) => _files.Remove(path);

    public string FullPath(string path) => path;

    public Errno Stat(string path, out HostEntry entry)
    {
        Asked++;
        bool isFile = _files.TryGetValue(path, out byte[]? content);
        entry = isFile ? new HostEntry(HostEntryKind.Regular, 0x1ED, _times[path], (ulong)content!.Length, "")
            : new HostEntry(HostEntryKind.Directory, 0x1ED, 0, 0, "");
        return isFile || Below(path).Any() ? Errno.None : Errno.ENOENT;
    }

    public Errno List(string path, out IReadOnlyList<string> names)
    {
        Asked++;
        names = [.. Below(path).Select(rest => rest.Split('/')[0]).Distinct()];
        return names.Count > 0 ? Errno.None : Errno.ENOENT;
    }

    public Errno Open(string path, out IHostFile? file)
    {
        Asked++;
        file = _files.TryGetValue(path, out byte[]? content) ? new OpenFile(content, () => Asked++) : null;
        return file is null ? Errno.ENOENT : Errno.None;
    }

    private IEnumerable<string> Below(string path)
    {
        string prefix = path.TrimEnd('/') + "/";
        return _files.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]);
    }

    private sealed class OpenFile(byte[] content, Action note) : IHostFile
    {
        public Errno Read(ulong offset, Span<byte> destination, out int count)
        {
            note();
            count = (int)Math.Min((ulong)destination.Length, (ulong)content.Length - Math.Min(offset, (ulong)content.Length));
            content.AsSpan((int)Math.Min(offset, (ulong)content.Length), count).CopyTo(destination);
            return Errno.None;
        }

        public void Dispose()
        {
        }
    }
}
