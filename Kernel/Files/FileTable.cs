using System.Diagnostics.CodeAnalysis;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>Whether a descriptor survives execve.</summary>
internal enum OnExec : byte
{
    /// <summary>It stays open.</summary>
    Keep,

    /// <summary>It is closed.</summary>
    Close,
}

/// <summary>The descriptors of a process.</summary>
internal sealed class FileTable : IStateful
{
    /// <summary>RLIMIT_NOFILE: descriptors at most.</summary>
    public const int Limit = 1024;

    private readonly List<Slot> _slots = [];

    private readonly record struct Slot(OpenFile? File, OnExec OnExec);

    /// <summary>The open descriptors, lowest first.</summary>
    public IEnumerable<int> Descriptors
    {
        get
        {
            for (int fd = 0; fd < _slots.Count; fd++)
            {
                if (_slots[fd].File is not null)
                {
                    yield return fd;
                }
            }
        }
    }

    /// <summary>The file behind <paramref name="fd"/>; false for EBADF.</summary>
    public bool TryGet(int fd, [NotNullWhen(true)] out OpenFile? file)
    {
        file = fd >= 0 && fd < _slots.Count ? _slots[fd].File : null;
        return file is not null;
    }

    /// <summary>What the file behind <paramref name="fd"/> is ready for: <see cref="PollEvents.Invalid"/> for EBADF; a folder never waits.</summary>
    public PollEvents EventsOf(int fd) => !TryGet(fd, out OpenFile? file) ? PollEvents.Invalid
        : file.Content?.Ready ?? (PollEvents.In | PollEvents.Out);

    /// <summary>Puts <paramref name="file"/> at the lowest free descriptor from <paramref name="lowest"/> on; it takes over the reference.</summary>
    /// <returns>The descriptor; EMFILE when all are taken.</returns>
    public Result<int> Add(OpenFile file, OnExec onExec, int lowest = 0)
    {
        int fd = lowest;
        while (fd < _slots.Count && _slots[fd].File is not null)
        {
            fd++;
        }

        if (fd >= Limit)
        {
            return Errno.EMFILE;
        }

        Put(fd, file, onExec);
        return fd;
    }

    /// <summary>Puts <paramref name="file"/> at <paramref name="fd"/>, closing what is there; it takes over the reference.</summary>
    public void Put(int fd, OpenFile file, OnExec onExec)
    {
        while (_slots.Count <= fd)
        {
            _slots.Add(default);
        }

        OpenFile? before = _slots[fd].File;
        _slots[fd] = new Slot(file, onExec);
        LetGo(before);
    }

    /// <summary>Closes a descriptor; false for EBADF.</summary>
    public bool Close(int fd)
    {
        if (!TryGet(fd, out OpenFile? file))
        {
            return false;
        }

        _slots[fd] = default;
        LetGo(file);
        return true;
    }

    /// <summary>What happens to <paramref name="fd"/> on execve.</summary>
    public OnExec OnExecOf(int fd) => _slots[fd].OnExec;

    /// <summary>Says what happens to <paramref name="fd"/>, which is open, on execve.</summary>
    public void SetOnExec(int fd, OnExec onExec) => _slots[fd] = _slots[fd] with { OnExec = onExec };

    /// <summary>The child's table after fork: the same open files.</summary>
    public FileTable Copy()
    {
        FileTable copy = new();
        foreach (Slot slot in _slots)
        {
            copy._slots.Add(slot with { File = slot.File?.Share() });
        }

        return copy;
    }

    /// <summary>Closes what execve closes.</summary>
    public void CloseOnExec()
    {
        for (int fd = 0; fd < _slots.Count; fd++)
        {
            if (_slots[fd].OnExec == OnExec.Close)
            {
                _ = Close(fd);
            }
        }
    }

    /// <summary>Closes everything.</summary>
    public void CloseAll()
    {
        for (int fd = 0; fd < _slots.Count; fd++)
        {
            _ = Close(fd);
        }
    }

    /// <summary>Whichever descriptor of a file is closed, all record locks of the table on that file go.</summary>
    private void LetGo(OpenFile? file)
    {
        file?.GiveUpLocks(this);
        file?.Release();
    }

    object IStateful.Save(object? last) => SavedItems.Of(_slots, last as Slot[]);

    void IStateful.Restore(object state) => SavedItems.PutBack(_slots, (Slot[])state);

    void IStateful.SeeParts(StateVisitor visitor)
    {
        foreach (Slot slot in _slots)
        {
            visitor.See(slot.File);
        }
    }
}
