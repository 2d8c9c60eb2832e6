namespace MmuEmu.Debugger.Gdb;

/// <summary>Files of the guest that the other end has opened: content as it was then.</summary>
internal sealed class OpenGuestFiles
{
    private const int Most = 32;
    private const int First = 3;
    private readonly Dictionary<int, byte[]> _open = [];

    /// <summary>Opens a file.</summary>
    /// <returns>Its number; null when too many are open.</returns>
    public int? Open(byte[] content)
    {
        for (int number = First; number < First + Most; number++)
        {
            if (_open.TryAdd(number, content))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>The content of an open file; null when it is not open.</summary>
    public byte[]? Find(int number) => _open.GetValueOrDefault(number);

    /// <summary>Closes a file.</summary>
    /// <returns>False when it was not open.</returns>
    public bool Close(int number) => _open.Remove(number);

    /// <summary>Closes all.</summary>
    public void CloseAll() => _open.Clear();
}
