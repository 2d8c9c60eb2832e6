using Iced.Intel;

namespace MmuEmu.Tests.Fuzz;

/// <summary>What becomes of encodings.</summary>
public enum FuzzForm
{
    /// <summary>They are run as they are.</summary>
    Whole,

    /// <summary>Prefixes are added and bits turned over first.</summary>
    Spoilt,
}

/// <summary>Makes the batches of a run: batch n of a seed is always the same.</summary>
/// <param name="seed">The run's seed.</param>
/// <param name="codes">What to make instructions of.</param>
/// <param name="form">Whether encodings are left as they are.</param>
public sealed class BatchMaker(ulong seed, IReadOnlyList<Code> codes, FuzzForm form = FuzzForm.Whole)
{
    /// <summary>Cases that share one slot.</summary>
    public const int CasesPerSlot = 4;

    private const int EdgeCases = 8192;
    private const int WholeCases = 512;
    private const int ImageCount = 256;
    private const int EdgeMemories = 128;
    private const int WholeMemories = 12;
    private readonly Code[] _edge = Shuffled(codes.Where(code => !TouchesMuch(code)), seed);
    private readonly Code[] _whole = Shuffled(codes.Where(TouchesMuch), seed);

    /// <summary>Makes batch <paramref name="number"/>.</summary>
    public FuzzBatch Make(int number)
    {
        FuzzRandom random = new(seed, (ulong)number + 1);
        bool whole = _edge.Length == 0 || (form == FuzzForm.Whole && number % 4 == 3 && _whole.Length > 0);
        Code[] list = whole ? _whole : _edge;
        IReadOnlyList<FuzzWindow> windows = whole ? FuzzLayout.WholeWindows : FuzzLayout.EdgeWindows;
        byte[][] images = [.. Enumerable.Range(0, ImageCount).Select(i => FuzzImages.Registers(random, i))];
        byte[][] memories = [.. Enumerable.Range(0, whole ? WholeMemories : EdgeMemories).Select(_ => FuzzImages.Memory(random, windows))];
        int slots = (whole ? WholeCases : EdgeCases) / CasesPerSlot;
        int ordinal = whole && _edge.Length > 0 ? number / 4 : number;
        SlotMaker slotMaker = new(random);
        CaseMaker caseMaker = new(random);
        List<FuzzCase> cases = new(slots * CasesPerSlot);
        for (int i = 0; i < slots; i++)
        {
            Code code = list[(int)((((long)ordinal * slots) + i) % list.Length)];
            ulong at = FuzzLayout.Slots + (ulong)(i * FuzzLayout.SlotBytes);
            FuzzSlot slot = form == FuzzForm.Spoilt ? slotMaker.MakeSpoilt(code, at) : slotMaker.Make(code, at);
            for (int k = 0; k < CasesPerSlot; k++)
            {
                int image = random.Next(ImageCount);
                image = slot.Last.IsVsib && !random.OneIn(4) ? image / FuzzImages.IndexEvery * FuzzImages.IndexEvery : image;
                FuzzCase made = new() { Slot = slot, Image = images[image], Memory = memories[random.Next(memories.Length)] };
                caseMaker.Fill(made);
                cases.Add(made);
            }
        }

        return new FuzzBatch(cases, windows);
    }

    /// <summary>Instructions that may write more than the windows at page edges show.</summary>
    public static bool TouchesMuch(Code code) => code.ToOpCode().Mnemonic is
        Mnemonic.Fxsave or Mnemonic.Fxsave64 or Mnemonic.Fxrstor or Mnemonic.Fxrstor64 or Mnemonic.Xsave or Mnemonic.Xsave64
        or Mnemonic.Xsavec or Mnemonic.Xsavec64 or Mnemonic.Xsaveopt or Mnemonic.Xsaveopt64 or Mnemonic.Xrstor or Mnemonic.Xrstor64
        or Mnemonic.Fnsave or Mnemonic.Fsave or Mnemonic.Frstor or Mnemonic.Enter or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc
        || new Instruction { Code = code }.IsStringInstruction;

    private static Code[] Shuffled(IEnumerable<Code> codes, ulong seed)
    {
        Code[] list = [.. codes];
        new FuzzRandom(seed).Shuffle(list);
        return list;
    }
}
