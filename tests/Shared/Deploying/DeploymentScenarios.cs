namespace Carillon.Tests.Deploying;

/// <summary>Several versions of one service on one database: nothing is lost, nothing is dead, and keys stay in order.</summary>
public abstract class DeploymentScenarios
{
    [Fact]
    public async Task Handling_ShouldLoseNothingAndKeepOrder_WhenANewVersionIsRolledOut()
    {
        await using var shop = Open();
        var (first, second) = (await shop.StartOldAsync(), await shop.StartOldAsync());
        await shop.PublishAsync(7);

        await shop.StartNewAsync();
        await shop.PublishAsync(93);
        await shop.StopAsync(first);
        await shop.StartNewAsync();
        await shop.PublishAsync(50);
        await shop.StopAsync(second);
        await shop.PublishAsync(50);

        await shop.HasHandledAsync(200);
        shop.AssertOrder();
        Assert.Empty(await shop.DeadLettersAsync());
    }

    [Fact]
    public async Task Handling_ShouldKeepWhatOnlyTheNewVersionHandles_WhenItIsRolledBackAndComesAgain()
    {
        await using var shop = Open();
        var canary = await shop.StartNewAsync();
        var old = await shop.StartOldAsync(subscription => subscription.UnhandledGrace = TimeSpan.Zero);
        await shop.PublishAsync(42);
        await shop.HasHandledAsync(42);

        await shop.StopAsync(canary);
        await shop.PublishAsync(70);
        await shop.HasHandledAsync(42 + 35);
        Assert.Empty(await shop.DeadLettersAsync());

        await shop.StartNewAsync();
        await shop.PublishAsync(28);
        await shop.HasHandledAsync(140);
        Assert.Empty(await shop.DeadLettersAsync());
        await shop.StopAsync(old);
    }

    /// <summary>The only instance of the new version restarts: what only it handles waits for it, and so do the later messages of the same keys.</summary>
    [Theory]
    [InlineData(UnhandledTypes.DeadLetter)]
    [InlineData(UnhandledTypes.Ignore)]
    public async Task Handling_ShouldLoseNothingAndKeepOrder_WhenTheOnlyInstanceOfTheNewVersionRestarts(UnhandledTypes unhandled)
    {
        await using var shop = Open();
        await shop.StartOldAsync(subscription => (subscription.UnhandledTypes, subscription.UnhandledGrace) = (unhandled, TimeSpan.FromMinutes(2)));
        for (var start = 0; start < 3; start++)
        {
            var canary = await shop.StartNewAsync();
            await shop.PublishAsync(40);
            await shop.HasHandledAsync((start * 80) + 40);
            await shop.StopAsync(canary);
            await shop.PublishAsync(40);
        }

        await shop.StartNewAsync();
        await shop.HasHandledAsync(240);
        shop.AssertOrder();
        Assert.Empty(await shop.DeadLettersAsync());
    }

    [Fact]
    public async Task Handling_ShouldLoseNothingAndKeepOrder_WhenAHandlerIsRemoved()
    {
        await using var shop = Open();
        await shop.StartNewAsync();
        await shop.PublishAsync(30);
        await shop.StartWithoutOldAsync();
        await shop.PublishAsync(110);

        await shop.HasHandledAsync(140);
        shop.AssertOrder();
        Assert.Empty(await shop.DeadLettersAsync());
    }

    [Fact]
    public async Task Handling_ShouldMakeADeadLetterThatHoldsUpNothing_WhenNobodyHandlesAMessageForItsTime()
    {
        await using var shop = Open();
        await shop.StopAsync(await shop.StartNewAsync());
        await shop.StartOldAsync(subscription =>
            (subscription.UnhandledGrace, subscription.UnhandledRetention) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300)));
        await shop.PublishAsync(28);

        await shop.HasHandledAsync(14);
        await Eventually.IsTrueAsync(async () => (await shop.DeadLettersAsync()).Count == 14);
        Assert.All(await shop.DeadLettersAsync(), letter => Assert.Equal((ErrorCodes.UnknownType, 0), (letter.Code, letter.Waiting)));
        await shop.PublishAsync(7);
        await shop.HasHandledAsync(21);
    }

    /// <summary>Publishers say more than before under the same name: instances of the older code cannot read that, and leave it to those that can.</summary>
    [Fact]
    public async Task Handling_ShouldLoseNothingAndKeepOrder_WhenANewerVersionOfAnEventIsRolledOut()
    {
        await using var shop = Open();
        var (first, second) = (await shop.StartOldAsync(), await shop.StartOldAsync());
        await shop.PublishVersionsAsync(7);

        var canary = await shop.StartReadingNotesAsync();
        await shop.PublishVersionsAsync(93);
        await shop.StopAsync(first);
        await shop.HasHandledAsync(100);
        await shop.StopAsync(canary);
        await shop.PublishVersionsAsync(50);
        await shop.StartReadingNotesAsync();
        await shop.StopAsync(second);
        await shop.PublishVersionsAsync(50);

        await shop.HasHandledAsync(200);
        shop.AssertOrder();
        Assert.Empty(await shop.DeadLettersAsync());
    }

    /// <summary>Two programs were given the same name of a service by mistake: neither has a handler for everything, and each gets what it has one for.</summary>
    [Theory]
    [InlineData(UnhandledTypes.DeadLetter)]
    [InlineData(UnhandledTypes.Ignore)]
    public async Task Handling_ShouldGiveToEachWhatItHandles_WhenTwoApplicationsShareAServiceName(UnhandledTypes unhandled)
    {
        await using var shop = Open();
        await shop.StartOldAsync(subscription => subscription.UnhandledTypes = unhandled);
        var other = await shop.StartWithoutOldAsync(subscription => subscription.UnhandledTypes = unhandled);
        await shop.PublishAsync(100);
        await shop.HasHandledAsync(100);
        await shop.StopAsync(other);
        await shop.PublishAsync(40);
        await shop.StartWithoutOldAsync(subscription => subscription.UnhandledTypes = unhandled);

        await shop.HasHandledAsync(140);
        shop.AssertOrder();
        Assert.Empty(await shop.DeadLettersAsync());
    }

    /// <summary>A handler of envelopes handles what its topics name, and is no reason to pass by what only the other version has a handler for.</summary>
    [Fact]
    public async Task Handling_ShouldLoseNothingAndKeepOrder_WhenTheOldVersionTakesEnvelopesOfOtherTopics()
    {
        await using var shop = Open();
        var first = await shop.StartObserverAsync("deploying.old");
        var second = await shop.StartNewAsync();
        await shop.PublishAsync(100);
        await shop.StopAsync(first);
        await shop.StartObserverAsync("deploying.old");
        await shop.PublishAsync(60);
        await shop.HasHandledAsync(160);
        await shop.StopAsync(second);
        await shop.PublishAsync(40);
        await shop.StartNewAsync();

        await shop.HasHandledAsync(200);
        shop.AssertOrder();
        Assert.Empty(await shop.DeadLettersAsync());
    }

    /// <summary>Each of two versions takes envelopes of its own topics: neither handles everything.</summary>
    [Fact]
    public async Task Handling_ShouldLeaveToEachWhatItsTopicsName_WhenBothVersionsTakeEnvelopes()
    {
        await using var shop = Open();
        await shop.StartObserverAsync("deploying.new");
        await shop.StartObserverAsync("deploying.old");
        await shop.PublishAsync(100);

        await shop.HasHandledAsync(100);
        shop.AssertOrder();
        Assert.Empty(await shop.DeadLettersAsync());
    }

    private protected abstract Versions Open();
}
