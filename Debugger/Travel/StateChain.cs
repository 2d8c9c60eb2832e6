using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;
using Org.BouncyCastle.Crypto.Digests;

namespace MmuEmu.Debugger.Travel;

/// <summary>Numbers for the moments of a run, each with the one before in it: the first that differs says where two runs part.</summary>
/// <param name="kernel">The run.</param>
internal sealed class StateChain(MiniKernel kernel)
{
    private readonly KernelView _view = new(kernel);
    private readonly Sha256Digest _hash = new();
    private RunImage? _last;

    /// <summary>The number of the last moment, in lower-case hexadecimal digits; empty before the first.</summary>
    public string Value { get; private set; } = "";

    /// <summary>The run is at its next moment, and was saved there.</summary>
    /// <returns>The moment's number.</returns>
    public string Pass()
    {
        RunImage now = kernel.Save(_last);
        byte[] number = new byte[_hash.GetDigestSize()];
        _hash.BlockUpdate(_view.HashChanges(now, _last, Convert.FromHexString(Value)));
        _hash.DoFinal(number);
        Value = Convert.ToHexStringLower(number);
        _last?.Dispose();
        _last = now;
        return Value;
    }
}
