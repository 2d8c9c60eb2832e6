using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Translation;

namespace MmuEmu.Emulator.Machine;

/// <summary>The cores of one machine over the same RAM. Only one runs at a time, so their order is the runner's choice and nothing else.</summary>
/// <remarks>
/// A core stops only between two instructions, or between two repetitions of a string instruction. Each instruction is
/// therefore atomic for the other cores, with LOCK or without, across cache lines and pages too; and memory is sequentially consistent.
/// </remarks>
public sealed class CoreSet : IDisposable
{
    /// <summary>The most cores.</summary>
    public const int MaxCount = 64;

    private readonly PhysicalMemory _ram;
    private readonly Core[] _cores;
    private int _running = -1;

    /// <summary><paramref name="count"/> cores over <paramref name="ram"/>, 1 to <see cref="MaxCount"/>, each with an MMU of its own.</summary>
    public CoreSet(PhysicalMemory ram, MmuOptions options, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        _ram = ram;
        _cores = new Core[count];
        CodeDomain domain = new();
        for (int i = 0; i < count; i++)
        {
            _cores[i] = new Core(ram, options);
            _cores[i].Vcpu.Topology = new CpuTopology(i, count);
            _cores[i].Vcpu.Control.TscAux = (uint)i;
            domain.Join(_cores[i].Vcpu);
        }
    }

    /// <summary>How many.</summary>
    public int Count => _cores.Length;

    /// <summary>The cores by number.</summary>
    public IReadOnlyList<Core> All => _cores;

    /// <summary>Instructions retired by all of them since they were made: the machine's time T, and every core's time-stamp counter.</summary>
    public ulong Retired { get; private set; }

    /// <summary>T of this moment, exact inside a run too while the core that runs is watched.</summary>
    public ulong Now => _running < 0 ? Retired : _cores[_running].Vcpu.TimeNow;

    /// <summary>The core with that number.</summary>
    public Core this[int number] => _cores[number];

    /// <summary>Runs one core, at most <paramref name="budget"/> instructions; see <see cref="Core.Run"/>.</summary>
    /// <returns>Why it stopped; valid until its next run.</returns>
    public ref readonly CoreExit Run(int number, ulong budget)
    {
        Core core = _cores[number];
        core.Vcpu.BeginAt(Retired);
        ulong before = core.Retired;
        _running = number;
        ref readonly CoreExit exit = ref core.Run(budget);
        _running = -1;
        Retired += core.Retired - before;
        return ref exit;
    }

    /// <summary>The whole machine between two runs as a value: RAM, all cores, their clocks. Nothing of it changes by that.</summary>
    /// <param name="last">An earlier one to share with what did not change; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="last"/> is another machine's.</exception>
    public MachineImage Save(MachineImage? last = null)
    {
        Check(last, nameof(last));
        RamImage ram = _ram.Save();
        CoreImage[] cores = new CoreImage[_cores.Length];
        for (int i = 0; i < cores.Length; i++)
        {
            cores[i] = _cores[i].Save(last?.Cores[i]);
        }

        return new MachineImage(this, ram, cores, Retired);
    }

    /// <summary>Makes the machine what it was when <paramref name="image"/> was saved; whoever watches it goes on watching.</summary>
    /// <exception cref="ArgumentException">The image is another machine's, or was disposed of.</exception>
    public void Restore(MachineImage image)
    {
        Check(image, nameof(image));
        _ram.Restore(image.Ram);
        for (int i = 0; i < _cores.Length; i++)
        {
            _cores[i].Restore(image.Cores[i]);
        }

        Retired = image.Retired;
    }

    private void Check(MachineImage? image, string name)
    {
        if (image is not null && image.Machine != this)
        {
            throw new ArgumentException("The image is another machine's.", name);
        }
    }

    /// <summary>Frees the native memory of all.</summary>
    public void Dispose()
    {
        foreach (Core core in _cores)
        {
            core.Dispose();
        }
    }
}
