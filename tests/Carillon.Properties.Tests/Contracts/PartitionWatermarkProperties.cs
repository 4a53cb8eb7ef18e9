using Carillon.Properties.Tests.Running;
using Carillon.Transports;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Contracts;

public sealed class PartitionWatermarkProperties
{
    private enum Act
    {
        Take,
        Pass,
        PassAgain,
        Finish,
    }

    private static readonly Gen<(Act Act, int Number)[]> _steps =
        (from act in Gen.Elements(Act.Take, Act.Take, Act.Pass, Act.PassAgain, Act.Finish, Act.Finish, Act.Finish) from number in Gen.Choose(0, 20) select (act, number)).ArrayOf();

    /// <summary>The model: the set of what is open. Everything before the first of them is finished, and everything read when there is none.</summary>
    [Fact]
    public void Finished_ShouldBeRightBeforeTheFirstOpenMessage_WhenMessagesFinishInAnyOrder() => Always.Holds(
        from start in Gen.Choose(0, 1000) from steps in _steps select (Start: start, Steps: steps),
        given =>
        {
            var watermark = new PartitionWatermark(given.Start);
            var (open, read, finishedBefore) = (new SortedSet<long>(), (long)given.Start, (long)given.Start);
            foreach (var (act, number) in given.Steps)
            {
                bool? hasMoved = null;
                switch (act)
                {
                    case Act.Take:
                        read += 1 + number;
                        open.Add(read);
                        watermark.Take(read);
                        break;
                    case Act.Pass:
                        read += number;
                        watermark.Pass(read);
                        break;
                    case Act.PassAgain:
                        watermark.Pass(read - number);
                        break;
                    case Act.Finish when open.Count > 0:
                        var position = open.ElementAt(number % open.Count);
                        open.Remove(position);
                        hasMoved = watermark.Finish(position);
                        break;
                    default:
                        continue;
                }

                var finished = open.Count > 0 ? open.Min - 1 : read;
                Assert.Equal((finished, read), (watermark.Finished, watermark.Read));
                Assert.InRange(watermark.Finished, finishedBefore, long.MaxValue);
                Assert.Equal(hasMoved ?? finished > finishedBefore, finished > finishedBefore);
                finishedBefore = finished;
            }
        },
        given => Smaller.Sequences(given.Steps).Select(steps => (given.Start, steps)));
}
