using Iced.Intel;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Fuzz;

/// <summary>The emulated processor against the one that runs this test.</summary>
/// <remarks><c>dotnet run --project Perf -c Release -- fuzz</c> runs more cases, and single ones again; see docs/cpu-fuzz.md.</remarks>
public sealed class CpuFuzzTests
{
    private const ulong Seed = 20_261_121;
    private const int Cases = 220_000;
    private const int SpoiltCases = 60_000;
    private const int PortableCases = 20_000;
    private const int FewestOfACode = 40;
    private const int MostShown = 4;

    [Fact]
    public void Every_instruction_of_the_largest_model_ends_as_on_this_processor()
    {
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        using FuzzCampaign campaign = new(Seed, FuzzCodes.Eligible);

        for (int i = 0; campaign.Cases < Cases; i++)
        {
            campaign.Run(i);
        }

        campaign.Failures.ShouldBeEmpty();
        campaign.Found.Count.ShouldBe(0, Explain(campaign));
        campaign.Counts.Where(pair => pair.Value.Cases < FewestOfACode).ShouldBeEmpty();
        campaign.Counts.Where(pair => pair.Value.Signals == pair.Value.Cases && !AlwaysFaults(pair.Key)).Select(pair => pair.Key).ShouldBeEmpty();
    }

    [Fact]
    public void Without_intrinsics_of_the_host_the_same_bits_come_out()
    {
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        string command = Path.Combine(AppContext.BaseDirectory, "mmuemu.dll");
        Code[] vectors = [.. FuzzCodes.Eligible.Where(code => FuzzFeatures.GroupOf(code) is not ("integer" or "x87" or "XSAVE"))];
        using FuzzCampaign campaign = new(Seed, vectors)
        {
            RunOurs = (path, bytes) => FuzzSides.RunCommand(command, path, bytes, ("DOTNET_EnableHWIntrinsic", "0")),
        };

        for (int i = 0; campaign.Cases < PortableCases; i++)
        {
            campaign.Run(i);
        }

        campaign.Failures.ShouldBeEmpty();
        campaign.Found.Count.ShouldBe(0, string.Join("\n\n", campaign.Found.Take(MostShown).Select(CaseText.Of)));
        campaign.Counts.Count(pair => pair.Value.Cases == 0).ShouldBe(0);
    }

    [Fact]
    public void Spoilt_encodings_end_as_on_this_processor()
    {
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        using FuzzCampaign campaign = new(Seed, FuzzCodes.Eligible, FuzzForm.Spoilt);

        for (int i = 0; campaign.Cases < SpoiltCases; i++)
        {
            campaign.Run(i);
        }

        campaign.Failures.ShouldBeEmpty();
        campaign.Found.Count.ShouldBe(0, Explain(campaign));
        campaign.Counts[Code.INVALID].Cases.ShouldBeGreaterThan(SpoiltCases / 10);
    }

    [Fact]
    public void What_is_left_out_is_written_down() => Golden.GoldenFile.CheckAt("docs/cpu-fuzz-exclusions.md", FuzzReport.Exclusions());

    [Fact]
    public void A_batch_is_the_same_whenever_it_is_made()
    {
        FuzzBatch once = new BatchMaker(7, FuzzCodes.Eligible).Make(2);
        FuzzBatch again = new BatchMaker(7, FuzzCodes.Eligible).Make(2);
        FuzzBatch other = new BatchMaker(8, FuzzCodes.Eligible).Make(2);

        again.Program.ShouldBe(once.Program);
        other.Program.ShouldNotBe(once.Program);
    }

    [Fact]
    public void Every_code_of_the_model_is_run_or_has_a_reason()
    {
        Code[] some = [Code.Add_rm32_r32, Code.VEX_Vpaddb_ymm_ymm_ymmm256, Code.Fsin, Code.Jne_rel8_64, Code.VEX_Vpgatherdd_ymm_vm32y_ymm];

        FuzzCodes.Eligible.ShouldBeUnique();
        some.ShouldBeSubsetOf(FuzzCodes.Eligible);
        FuzzCodes.NotRun.Values.Concat(FuzzCodes.NotRunHere.Values).ShouldAllBe(why => why.Length > 10);
    }

    [Fact]
    public void A_difference_shrinks_to_the_state_that_it_needs()
    {
        // Given a processor whose ADD gives RAX with bit 5 wrong whenever RCX is not zero
        Assert.SkipUnless(HostCpu.Present, "the oracle is an x86-64 Linux host");
        FuzzBatch? running = null;
        using FuzzCampaign campaign = new(3, [Code.Add_rm64_r64])
        {
            RunOurs = (path, bytes) => Broken(running!, FuzzSides.RunNatively(path, bytes)),
        };
        running = campaign.Make(0);
        FuzzCase broken = running.Cases.First(made => made.Slot.Instructions.Length > 1 && made.Registers[1] != 0);

        // When the case is shrunk
        CaseShrinker shrinker = new(running.Windows, batch =>
        {
            running = batch;
            return campaign.RunBoth(batch);
        });
        (FuzzCase plainest, IReadOnlyList<FieldDifference> fields) = shrinker.Shrink(broken);

        // Then only the instruction and RCX are left
        fields.Select(field => field.Field).ShouldBe(["RAX"]);
        plainest.Slot.Instructions.Length.ShouldBe(1);
        plainest.Registers.Select((value, number) => (value, number)).Where(pair => pair.value != 0).Select(pair => pair.number).ShouldBe([1]);
        CaseText.Of(plainest).ShouldContain("add ");
    }

    private static byte[] Broken(FuzzBatch batch, byte[] output)
    {
        for (int i = 0; i < batch.Cases.Count; i++)
        {
            if (batch.Cases[i].Registers[1] != 0)
            {
                output[(i * batch.ResultBytes) + FuzzResult.Registers] ^= 32;
            }
        }

        return output;
    }

    private static string Explain(FuzzCampaign campaign) =>
        string.Join("\n\n", campaign.Found.DistinctBy(found => found.Case.Slot.Code).Take(MostShown).Select(campaign.Explain));

    /// <summary>What user code may never do: privileged instructions, and those whose purpose is an exception; and branches of 16 bits, which lead where nothing is.</summary>
    private static bool AlwaysFaults(Code code) =>
        code.IsPrivileged() || (!code.ToOpCode().IntelDecoder64 && code.FlowControl() is not (FlowControl.Next or FlowControl.ConditionalBranch)) || code.FlowControl() is FlowControl.Exception or FlowControl.Interrupt
        || code.Mnemonic() is Mnemonic.Rdpmc or Mnemonic.Rsm;
}
