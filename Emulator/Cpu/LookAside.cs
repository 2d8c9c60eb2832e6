using System.Numerics;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu;

/// <summary>Keeps the host look-aside of a vCPU a subset of its modelled TLB.</summary>
/// <remarks>
/// An entry is {virtual page, host page}. A write entry stands only for a page whose D bit is set, whose rights allow the
/// current privilege level to write, and which holds no decoded code. An empty entry bears the tag of a page that belongs
/// to its neighbour, so no address that is looked up in it can match, whatever its upper bits are.
/// </remarks>
public sealed unsafe class LookAside : ILookAside
{
    private const int Entries = CpuState.LookAsideEntries;

    private readonly CpuState* _state;
    private readonly PhysicalMemory _ram;

    // One bit for each entry that may be filled: clearing costs what was filled since the last time.
    private readonly ulong[] _read = new ulong[Entries / 64];
    private readonly ulong[] _write = new ulong[Entries / 64];
    private bool _allowed = true;
    private bool _bypassed;

    internal LookAside(CpuState* state, PhysicalMemory ram)
    {
        _state = state;
        _ram = ram;
        Array.Fill(_read, ulong.MaxValue);
        Array.Fill(_write, ulong.MaxValue);
        ClearData();
    }

    /// <summary>False while every access has to reach the MMU: the timed and the never-caching modes, and while it is bypassed.</summary>
    public bool Enabled
    {
        get => _allowed && !_bypassed;
        set => _allowed = value;
    }

    /// <summary>True while data accesses are checked one by one; a change forgets all pages.</summary>
    public bool Bypassed
    {
        get => _bypassed;
        set
        {
            if (value != _bypassed)
            {
                _bypassed = value;
                DropAll();
            }
        }
    }

    /// <summary>Notes that the page of <paramref name="va"/> may be read at <paramref name="hostPage"/>.</summary>
    public void AddRead(ulong va, nuint hostPage)
    {
        if (Enabled)
        {
            Put(_state->ReadLookAside, _read, va, hostPage);
        }
    }

    /// <summary>Notes that the page of <paramref name="va"/> may be written at <paramref name="hostPage"/>.</summary>
    public void AddWrite(ulong va, nuint hostPage)
    {
        if (Enabled)
        {
            Put(_state->WriteLookAside, _write, va, hostPage);
        }
    }

    /// <summary>Forgets all data pages: the privilege level, AC or PKRU has changed.</summary>
    public void ClearData()
    {
        Clear(_state->ReadLookAside, _read);
        Clear(_state->WriteLookAside, _write);
    }

    /// <summary>Forgets write entries that reach <paramref name="frame"/>: code was decoded from it.</summary>
    public void ProtectFrame(Pfn frame)
    {
        nuint host = _ram.HostPage(frame);
        ulong* write = _state->WriteLookAside;
        for (int word = 0; word < _write.Length; word++)
        {
            for (ulong left = _write[word]; left != 0; left &= left - 1)
            {
                int i = (word * 64) + BitOperations.TrailingZeroCount(left);
                if (write[(2 * i) + 1] == host)
                {
                    write[2 * i] = EmptyTagOf(i);
                }
            }
        }
    }

    /// <summary>Tells RAM, which has been saved or restored just now, of all pages that may be written without asking anybody.</summary>
    internal void MarkWritable()
    {
        ulong* write = _state->WriteLookAside;
        for (int word = 0; word < _write.Length; word++)
        {
            for (ulong left = _write[word]; left != 0; left &= left - 1)
            {
                int i = (word * 64) + BitOperations.TrailingZeroCount(left);
                if (write[2 * i] != EmptyTagOf(i))
                {
                    _ram.MarkHostPage((nuint)write[(2 * i) + 1]);
                }
            }
        }
    }

    /// <summary>A translation has left the TLB.</summary>
    public void DropPage(VirtAddr address, PageSize size)
    {
        if (size != PageSize.Size4K)
        {
            DropAll();
            return;
        }

        Empty(_state->ReadLookAside, address.Raw);
        Empty(_state->WriteLookAside, address.Raw);
        _state->FetchEpoch++;
    }

    /// <summary>Many translations have left the TLB.</summary>
    public void DropAll()
    {
        ClearData();
        _state->FetchEpoch++;
    }

    /// <summary>What it keeps beside the entries, which lie in the vCPU's state; <paramref name="last"/> is an earlier one to share with.</summary>
    internal LookAsideImage Save(LookAsideImage? last) =>
        new(ArrayImage.Of(_read, last?.Read), ArrayImage.Of(_write, last?.Write), _allowed, _bypassed);

    /// <summary>Takes that state again.</summary>
    internal void Restore(LookAsideImage image)
    {
        image.Read.CopyTo(_read.AsSpan());
        image.Write.CopyTo(_write.AsSpan());
        (_allowed, _bypassed) = (image.Allowed, image.Bypassed);
    }

    private static ulong EmptyTagOf(int index) => (ulong)(index ^ 1) << 12;

    private static void Put(ulong* table, ulong[] filled, ulong va, nuint hostPage)
    {
        int index = (int)((va >> 12) & (Entries - 1));
        ulong* entry = table + (index * 2);
        (entry[0], entry[1]) = (va & ~0xFFFUL, hostPage);
        filled[index >> 6] |= 1UL << index;
    }

    private static void Clear(ulong* table, ulong[] filled)
    {
        for (int word = 0; word < filled.Length; word++)
        {
            for (ulong left = filled[word]; left != 0; left &= left - 1)
            {
                int index = (word * 64) + BitOperations.TrailingZeroCount(left);
                table[2 * index] = EmptyTagOf(index);
            }

            filled[word] = 0;
        }
    }

    private static void Empty(ulong* table, ulong va)
    {
        int index = (int)((va >> 12) & (Entries - 1));
        ulong* entry = table + (index * 2);
        if (entry[0] == (va & ~0xFFFUL))
        {
            entry[0] = EmptyTagOf(index);
        }
    }
}
