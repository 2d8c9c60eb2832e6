namespace MmuEmu.Tests.Debugger.Gdb;

/// <summary>Memory that is watched, by packets.</summary>
public sealed class WatchPacketTests
{
    [Fact]
    public void A_watched_entry_stops_at_the_micro_step_that_writes_it()
    {
        using GdbTalk talk = new("vrange-recover");
        talk.Ask("vCont;c").ShouldStartWith("T0a");
        ulong slot = ((talk.Register("pde") & 0xF_FFFF_FFFF_F000) | ((talk.Register("cr2") >> 9) & 0xFF8));
        talk.Ask("Qqemu.PhyMemMode:1");
        string purged = talk.Ask($"m{slot:x},8");
        talk.Ask($"Z2,{slot:x},8").ShouldBe("OK");

        talk.Ask("bc").ShouldStartWith($"T05watch:{slot:x};");
        string before = talk.Ask($"m{slot:x},8");
        talk.Ask("vCont;c").ShouldStartWith($"T05watch:{slot:x};");
        string after = talk.Ask($"m{slot:x},8");

        after.ShouldNotBe(before);
        (talk.Run.Journey.Here.Step > talk.Run.Journey.Now.Start).ShouldBeFalse("reclaim works before the next instruction begins");
        purged.ShouldStartWith("3e");
    }

    [Fact]
    public void What_is_read_stops_behind_the_instruction_and_on_the_way_back_before_it()
    {
        using GdbTalk talk = new("hello");
        ulong rsp = talk.Register("rsp");
        ulong first = talk.Register("icount");
        talk.Ask("Z2,400000,0").ShouldBe("E1c");
        talk.Ask("Z4,400000,1001").ShouldBe("E1c");
        talk.Ask($"Z3,{rsp:x},8").ShouldBe("OK");

        talk.Ask("vCont;c").ShouldStartWith($"T05rwatch:{rsp:x};");
        ulong behind = talk.Register("icount");
        talk.Ask("bc").ShouldStartWith($"T05rwatch:{rsp:x};");
        talk.Register("icount").ShouldBe(behind - 1);
        talk.Ask("vCont;s:p3e8.3e8").ShouldStartWith($"T05rwatch:{rsp:x};", Case.Sensitive, "a step stops there too");
        talk.Ask("bs").ShouldStartWith($"T05rwatch:{rsp:x};");
        talk.Ask("bc").ShouldStartWith("T00replaylog:begin;");
        talk.Register("icount").ShouldBe(first);
        talk.Ask($"z3,{rsp:x},8").ShouldBe("OK");
        talk.Ask("vCont;c").ShouldStartWith("T00replaylog:end;");
    }

    [Fact]
    public void What_is_only_written_is_an_access_and_no_read()
    {
        using GdbTalk talk = new("hello");
        ulong pushed = talk.Register("rsp") - 0x20;

        talk.Ask($"Z3,{pushed:x},8").ShouldBe("OK");
        talk.Ask($"Z4,{pushed:x},8").ShouldBe("OK");

        talk.Ask("vCont;c").ShouldStartWith($"T05awatch:{pushed:x};");
    }

    [Fact]
    public void A_watched_entry_of_a_table_stops_where_the_kernel_puts_the_table_below_it()
    {
        using GdbTalk talk = new("vrange-recover");
        talk.Ask("vCont;c").ShouldStartWith("T0a");
        ulong slot = ((talk.Register("pdpte") & 0xF_FFFF_FFFF_F000) | ((talk.Register("cr2") >> 18) & 0xFF8));
        talk.Ask("Qqemu.PhyMemMode:1");
        talk.Ask($"Z2,{slot:x},8").ShouldBe("OK");

        talk.Ask("bc").ShouldStartWith($"T05watch:{slot:x};");
        talk.Ask($"m{slot:x},8").ShouldBe("0000000000000000");
        ulong time = talk.Run.Journey.Here.Time;
        uint step = talk.Run.Journey.Here.Step;
        talk.Ask("vCont;c").ShouldStartWith($"T05watch:{slot:x};");
        talk.Ask($"m{slot:x},8").ShouldNotBe("0000000000000000");
        (talk.Run.Journey.Here.Time, talk.Run.Journey.Here.Step).ShouldBe((time, step + 1));
        talk.Run.Journey.IsAtInstruction.ShouldBeFalse("it happens in the middle of a fault");
    }
}
