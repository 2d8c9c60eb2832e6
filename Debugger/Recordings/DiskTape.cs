using MmuEmu.Debugger.Sessions;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using Org.BouncyCastle.Crypto.Digests;

namespace MmuEmu.Debugger.Recordings;

/// <summary>The host's disk as a run has found it: each question is put to the host once, and has the same answer ever after.</summary>
/// <remarks>
/// Files up to <see cref="MostFileBytes"/> are kept as they were read, <see cref="MostKeptBytes"/> in all. Larger ones are the host's to keep:
/// that one has changed is seen by its length and its time, and told by <see cref="Changed"/>.
/// </remarks>
internal sealed class DiskTape : IHostDisk
{
    /// <summary>The longest file whose bytes are kept: 16 MiB.</summary>
    public const int MostFileBytes = 16 << 20;

    /// <summary>Bytes of files that are kept in all: 256 MiB.</summary>
    public const int MostKeptBytes = 256 << 20;

    private readonly List<DiskAnswer> _answers = [];
    private readonly Dictionary<(DiskQuestion Question, string Path), DiskAnswer> _known = [];
    private readonly bool _isReplay;
    private int _keptBytes;

    private DiskTape(IHostDisk host, bool isReplay) => (Host, _isReplay) = (host, isReplay);

    /// <summary>The host.</summary>
    public IHostDisk Host { get; }

    /// <summary>What was answered, in the order in which it was first asked.</summary>
    public IReadOnlyList<DiskAnswer> Answers => _answers;

    /// <summary>The first file that is not what it was; null while there was none. It stays.</summary>
    public DiskChange? Changed { get; private set; }

    /// <summary>The first question that a recording does not hold; null while there was none. It stays. The run was told that there is nothing.</summary>
    public DiskMissing? Missing { get; private set; }

    /// <summary>A tape that is empty, of a disk.</summary>
    public static DiskTape Of(IHostDisk host) => new(host, isReplay: false);

    /// <summary>A tape that was made before.</summary>
    /// <param name="answers">What was answered.</param>
    /// <param name="host">Where files are whose bytes the answers do not hold: each must be the same file still.</param>
    public static DiskTape Again(IEnumerable<DiskAnswer> answers, IHostDisk host)
    {
        DiskTape tape = new(host, isReplay: true);
        foreach (DiskAnswer answer in answers)
        {
            tape.Note(answer.File is { } file ? answer with { File = new TapeFile(file.Path, file.Track) { Content = file.Content } } : answer);
        }

        return tape;
    }

    /// <inheritdoc/>
    public string FullPath(string path) =>
        (Find(DiskQuestion.FullPath, path) ?? Note(new DiskAnswer(DiskQuestion.FullPath, path, Errno.None) { Full = Host.FullPath(path) })).Full;

    /// <inheritdoc/>
    public Errno Stat(string path, out HostEntry entry)
    {
        DiskAnswer answer = Find(DiskQuestion.Stat, path)
            ?? Note(new DiskAnswer(DiskQuestion.Stat, path, Host.Stat(path, out HostEntry now)) { Entry = now });
        entry = answer.Entry;
        return answer.Errno;
    }

    /// <inheritdoc/>
    public Errno List(string path, out IReadOnlyList<string> names)
    {
        DiskAnswer answer = Find(DiskQuestion.List, path)
            ?? Note(new DiskAnswer(DiskQuestion.List, path, Host.List(path, out IReadOnlyList<string> now)) { Names = now });
        names = answer.Names;
        return answer.Errno;
    }

    /// <inheritdoc/>
    public Errno Open(string path, out IHostFile? file)
    {
        file = null;
        DiskAnswer answer = Find(DiskQuestion.Open, path) ?? Note(Fetch(path));
        if (answer.File is not { } known)
        {
            return answer.Errno;
        }

        if (known.Content is { } content)
        {
            file = new KeptFile(content);
            return Errno.None;
        }

        if (known.SeenNs is null && !IsSame(known))
        {
            return Errno.EIO;
        }

        if (known.Content is { } brought)
        {
            file = new KeptFile(brought);
            return Errno.None;
        }

        Errno errno = Host.Open(path, out IHostFile? hosts);
        file = errno == Errno.None ? new WatchedFile(hosts!, () => Watch(known)) : null;
        return errno;
    }

    /// <summary>The answer that is known; of a tape that was made before also one for what it does not hold: that there is nothing.</summary>
    private DiskAnswer? Find(DiskQuestion question, string path)
    {
        if (_known.TryGetValue((question, path), out DiskAnswer? answer) || !_isReplay)
        {
            return answer;
        }

        Missing ??= new DiskMissing(question, path);
        return new DiskAnswer(question, path, Errno.ENOENT) { Full = path };
    }

    private DiskAnswer Note(DiskAnswer answer)
    {
        if (_known.TryAdd((answer.Question, answer.Path), answer))
        {
            _answers.Add(answer);
        }

        return answer;
    }

    private DiskAnswer Fetch(string path)
    {
        _ = Host.Stat(path, out HostEntry entry);
        Errno errno = Host.Open(path, out IHostFile? opened);
        if (errno != Errno.None)
        {
            return new DiskAnswer(DiskQuestion.Open, path, errno);
        }

        using (opened)
        {
            ulong length = 0;
            byte[]? content = null;
            _ = entry.Length <= MostFileBytes && WholeFile.Read(opened!, Room, null, out content, out length) == Errno.None;
            _keptBytes += content?.Length ?? 0;
            return new DiskAnswer(DiskQuestion.Open, path, Errno.None)
            {
                File = new TapeFile(path, new FileTrack(content is null ? entry.Length : length, entry.ModifiedNs, null)) { Content = content, SeenNs = entry.ModifiedNs },
            };
        }
    }

    private int Room => Math.Min(MostFileBytes, MostKeptBytes - _keptBytes);

    /// <summary>Whether the host has the file still that a recording knows by its digest; its bytes are kept from then on.</summary>
    private bool IsSame(TapeFile file)
    {
        _ = Host.Stat(file.Path, out HostEntry entry);
        if (Host.Open(file.Path, out IHostFile? opened) != Errno.None)
        {
            Changed ??= new DiskChange(file.Path, file.Track, null);
            return false;
        }

        using (opened)
        {
            Sha256Digest hash = new();
            Errno errno = WholeFile.Read(opened!, Room, hash, out byte[]? content, out ulong length);
            FileTrack found = new(length, entry.ModifiedNs, FileHash.TextOf(hash));
            if (errno != Errno.None || found.Hash != file.Track.Hash || found.Length != file.Track.Length)
            {
                Changed ??= new DiskChange(file.Path, file.Track, errno == Errno.None ? found : null);
                return false;
            }

            _keptBytes += content?.Length ?? 0;
            (file.Content, file.SeenNs) = (content, entry.ModifiedNs);
            return true;
        }
    }

    /// <summary>A file whose bytes are not kept may change while the run goes on.</summary>
    private void Watch(TapeFile file)
    {
        bool isThere = Host.Stat(file.Path, out HostEntry entry) == Errno.None;
        if (!isThere || entry.Length != file.Track.Length || entry.ModifiedNs != file.SeenNs)
        {
            Changed ??= new DiskChange(file.Path, file.Track, isThere ? new FileTrack(entry.Length, entry.ModifiedNs, null) : null);
        }
    }

    private sealed class KeptFile(byte[] content) : IHostFile
    {
        public Errno Read(ulong offset, Span<byte> destination, out int count)
        {
            int from = (int)Math.Min(offset, (ulong)content.Length);
            count = Math.Min(destination.Length, content.Length - from);
            content.AsSpan(from, count).CopyTo(destination);
            return Errno.None;
        }

        public void Dispose()
        {
        }
    }

    private sealed class WatchedFile(IHostFile file, Action watch) : IHostFile
    {
        public Errno Read(ulong offset, Span<byte> destination, out int count)
        {
            watch();
            return file.Read(offset, destination, out count);
        }

        public void Dispose() => file.Dispose();
    }
}
