using Carillon.Properties.Tests.Running;
using Carillon.Subscribing;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Subscribing;

public sealed class DeliveryBudgetProperties
{
    /// <summary>There is room exactly while both counts are below their limits, never for more than is left, and who waits for room gets it.</summary>
    [Fact]
    public Task Room_ShouldBeWhatIsLeft_WhenMessagesComeAndGo() => Always.HoldsAsync(
        from most in Gen.Choose(1, 20)
        from bytes in Gen.Choose(1, 5000)
        from steps in (from takes in Gen.Elements(true, false) from size in Gen.Choose(0, 2000) select (Takes: takes, Size: size)).ArrayOf()
        select (Most: most, Bytes: bytes, Steps: steps),
        async given =>
        {
            var budget = new DeliveryBudget(given.Most, given.Bytes);
            var held = new List<int>();
            var waiting = budget.WaitForRoomAsync(TestContext.Current.CancellationToken).AsTask();
            foreach (var (takes, size) in given.Steps)
            {
                if (takes)
                {
                    budget.Take(size);
                    held.Add(size);
                }
                else if (held.Count > 0)
                {
                    budget.Give(held[size % held.Count]);
                    held.RemoveAt(size % held.Count);
                }

                var hasRoom = held.Count < given.Most && held.Sum() < given.Bytes;
                Assert.Equal(held.Count, budget.Count);
                Assert.Equal(hasRoom, budget.Room() > 0);
                Assert.InRange(budget.Room(), 0, Math.Max(0, given.Most - held.Count));
                if (hasRoom)
                    Assert.InRange(await waiting.WaitAsync(TimeSpan.FromSeconds(20)), 1, given.Most);
                if (waiting.IsCompleted)
                    waiting = budget.WaitForRoomAsync(TestContext.Current.CancellationToken).AsTask();
            }

            foreach (var size in held)
                budget.Give(size);
            await waiting.WaitAsync(TimeSpan.FromSeconds(20));
        },
        given => Smaller.Sequences(given.Steps).Select(steps => (given.Most, given.Bytes, steps)));
}
