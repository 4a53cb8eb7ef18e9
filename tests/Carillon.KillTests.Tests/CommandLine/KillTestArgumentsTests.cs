namespace Carillon.KillTests.Tests;

public sealed class KillTestArgumentsTests
{
    private const string Sound = "--transport sqlite --mode exactly-once --rounds 300";

    [Fact]
    public void Parse_ShouldKnowTheOptions_WhenTheyAreGiven()
    {
        var arguments = KillTestArguments.Parse($"{Sound} --seed 7 --rate 90 --keep".Split(' '));
        Assert.Equal((DeliveryGuarantee.ExactlyOnce, 300, 7, 90, true), (arguments.Mode, arguments.Rounds, arguments.Seed, arguments.Rate, arguments.Keep));
    }

    [Fact]
    public void Parse_ShouldKnowTheDisturbances_WhenTheyAreGiven()
    {
        var arguments = KillTestArguments.Parse($"{Sound} --deploy --outage 7 --hang --pause --sabotage give-up-early".Split(' '));
        Assert.Equal(Disturbances.Deploy | Disturbances.Hang | Disturbances.Pause | Disturbances.Outage, arguments.Disturbances);
        Assert.Equal((TimeSpan.FromSeconds(7), Sabotage.GiveUpEarly, "give-up-early"), (arguments.Outage, arguments.Sabotage, arguments.SabotageName));
    }

    [Theory]
    [InlineData("at-least-once", DeliveryGuarantee.AtLeastOnce, false)]
    [InlineData("exactly-once", DeliveryGuarantee.ExactlyOnce, false)]
    [InlineData("ef", DeliveryGuarantee.ExactlyOnce, true)]
    public void Parse_ShouldKnowTheMode_WhenItIsOneOfThem(string mode, DeliveryGuarantee expected, bool usesContexts)
    {
        var arguments = KillTestArguments.Parse($"--transport sqlite --mode {mode} --rounds 3".Split(' '));
        Assert.Equal((expected, usesContexts, mode), (arguments.Mode, arguments.UsesContexts, arguments.ModeName));
    }

    [Theory]
    [InlineData(Sound + " --sabotage publish-outside", "--sabotage publish-outside needs --mode ef")]
    [InlineData(Sound + " --outage soon", "--outage is \"soon\"")]
    [InlineData("", "--transport is missing")]
    [InlineData("--transport sqlite --rounds 3", "--mode is missing")]
    [InlineData("--transport kafka --mode exactly-once --rounds 3", "--transport is \"kafka\", but must be one of sqlite, postgres")]
    [InlineData(Sound + " --server-kills 10", "--server-kills needs a transport with a server")]
    [InlineData("--transport sqlite --mode maybe --rounds 3", "--mode is \"maybe\"")]
    [InlineData("--transport sqlite --mode exactly-once --rounds 0", "--rounds is \"0\"")]
    [InlineData("--transport sqlite --mode exactly-once --rounds", "--rounds needs a value")]
    [InlineData(Sound + " --seed -1", "--seed is \"-1\"")]
    [InlineData(Sound + " --rounds 4", "--rounds is given twice")]
    [InlineData(Sound + " --sabotage everything", "--sabotage is \"everything\"")]
    [InlineData(Sound + " --fast yes", "--fast is not an option")]
    public void Parse_ShouldSayWhatIsWrong_WhenTheCommandLineIs(string line, string expected)
    {
        var wrong = Assert.Throws<KillTestArgumentException>(() => KillTestArguments.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
    }
}
