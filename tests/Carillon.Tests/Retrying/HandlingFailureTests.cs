using Carillon.Parking;
using Carillon.Retrying;

namespace Carillon.Tests.Retrying;

public sealed class HandlingFailureTests
{
    [Fact]
    public void Add_ShouldRememberEveryAttemptAndWhetherTheLastWasForGood_WhenSeveralFail()
    {
        var failure = new HandlingFailure([new FailedAttempt(1, default, null, "E", "m", null)]);
        Assert.False(failure.IsPermanent);

        failure.Add(new FailedAttempt(2, default, null, "E", "m", null), isPermanent: true);

        Assert.True(failure.IsPermanent);
        Assert.Equal([1, 2], failure.Attempts.Select(attempt => attempt.Number));
        Assert.Equal((ErrorCodes.HandlerFailed, null), (failure.Code, failure.Reason));
    }

    [Fact]
    public void Reject_ShouldBeForGoodAndSayWhy_WhenTheMessageIsAtFault()
    {
        var failure = new HandlingFailure([]);

        failure.Reject(ErrorCodes.IdReused, "it was");

        Assert.Equal((true, ErrorCodes.IdReused, "it was"), (failure.IsPermanent, failure.Code, failure.Reason));
    }
}
