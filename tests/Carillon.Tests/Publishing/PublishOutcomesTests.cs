using Carillon.Publishing;
using Carillon.Transports;

namespace Carillon.Tests.Publishing;

/// <summary>What a caller is told about a message that was not confirmed.</summary>
public sealed class PublishOutcomesTests
{
    [Theory]
    [InlineData(true, "It may be stored all the same; publish it again with the same id.")]
    [InlineData(false, "It is not stored; publish it again.")]
    public void Failure_ShouldSayWhetherItMayBeStored_WhenTheOutcomeIsKnownOrNot(bool isUnknown, string advice)
    {
        var failure = PublishOutcomes.Failure(PublishBatcherFixture.Envelope("a"), "the broker is away.", isUnknown, null);

        Assert.Equal(isUnknown, failure.IsOutcomeUnknown);
        Assert.EndsWith($"test.happened id-a was not confirmed: the broker is away. {advice}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Report_ShouldFailEveryMessage_WhenNobodyKnowsWhoseFailureItIs(int index)
    {
        using var fixture = new PublishBatcherFixture().Start();
        fixture.Sender.Answer = (_, _) => new([new SendFailure(index, new PublishFailedException(ErrorCodes.PublishFailed, "full"))]);

        var error = await Assert.ThrowsAsync<PublishFailedException>(() => PublishBatcherFixture.Soon(fixture.Publish("a")));

        Assert.True(error.IsOutcomeUnknown);
        Assert.Contains($"a failure of message {index} in a batch of 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_ShouldSayThatItWasNotAccepted_WhenTheTransportGivesNoReason()
    {
        using var fixture = new PublishBatcherFixture().Start();
        fixture.Sender.Answer = (_, _) => new([new SendFailure(0, null!)]);

        var error = await Assert.ThrowsAsync<PublishFailedException>(() => PublishBatcherFixture.Soon(fixture.Publish("a")));

        Assert.Contains("the transport did not accept it. It is not stored", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Report_ShouldNotCallItFinal_WhenTheTransportThrowsSomethingOfItsOwn(bool isOfItsOwn)
    {
        using var fixture = new PublishBatcherFixture().Start();
        fixture.Sender.Answer = (_, _) => throw (isOfItsOwn ? new IOException("connection reset") : new PublishFailedException(ErrorCodes.PublishFailed, "never"));

        var error = await Assert.ThrowsAsync<PublishFailedException>(() => PublishBatcherFixture.Soon(fixture.Publish("a")));

        Assert.Equal((isOfItsOwn, isOfItsOwn), (error.IsTransient, error.IsOutcomeUnknown));
    }
}
