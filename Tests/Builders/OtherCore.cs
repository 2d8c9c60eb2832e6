using MmuEmu.Emulator.Translation;

namespace MmuEmu.Tests.Builders;

/// <summary>Writes to RAM after the first walk has read its entries and before it marks them, as another core might.</summary>
public sealed class OtherCore(Action acts) : IMmuWatcher
{
    private bool _done;

    public void Observe(in MmuEvent what)
    {
        if (!_done && what.Kind == MmuEventKind.Walk)
        {
            _done = true;
            acts();
        }
    }
}
