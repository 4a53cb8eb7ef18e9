using System.Diagnostics;
using System.Globalization;
using System.Text;
using Carillon.Events;
using Carillon.Serialization;

namespace Carillon.Tests.Serialization;

/// <summary>
/// Broken bodies and envelopes by the thousand. <c>CARILLON_FUZZ_COUNT</c> says how many (default 5,000 each), <c>CARILLON_FUZZ_SEED</c> where to
/// begin; a failure names the seed that shows it again.
/// </summary>
public sealed class FuzzTests
{
    // What one input may cost: generous against a busy machine, far below what a quadratic or unbounded reader needs.
    private const int BytesPerInput = 256 * 1024;
    private static readonly TimeSpan _timePerInput = TimeSpan.FromSeconds(2);

    private static readonly int _count = Number("CARILLON_FUZZ_COUNT", 5_000);
    private static readonly int _firstSeed = Number("CARILLON_FUZZ_SEED", 1);

    private readonly JsonMessageSerializer _serializer = Serializers.Create();
    private readonly EnvelopeInspector _inspector = new(new EnvelopeLimits(), TimeProvider.System);

    [Fact]
    public void Body_ShouldBeReadOrRejected_WhenItIsBrokenAtRandom()
    {
        var definition = AttributedMessage.Define<OrderCreated>();
        var seeds = Seeds();
        Read(definition, seeds[0]);
        int read = 0, rejected = 0;
        for (var seed = _firstSeed; seed < _firstSeed + _count; seed++)
        {
            var random = new Random(seed);
            var body = new BodyMutator(random).Mutate(seeds[random.Next(seeds.Length)]);
            if (Measure(seed, body, () => Read(definition, body)))
                read++;
            else
                rejected++;
        }

        // Both must happen, or the mutator proves nothing.
        Assert.True(read > _count / 200, $"Only {read} of {_count} were read.");
        Assert.True(rejected > _count / 4, $"Only {rejected} of {_count} were rejected.");
    }

    [Fact]
    public void Envelope_ShouldPassOrHaveACode_WhenItIsBrokenAtRandom()
    {
        var codes = new HashSet<string>();
        for (var seed = _firstSeed; seed < _firstSeed + _count; seed++)
        {
            var envelope = new EnvelopeMutator(new Random(seed)).Create();
            EnvelopeDefect? defect = null;
            Measure(seed, envelope, () => (defect = _inspector.Inspect(envelope)) is null);
            if (defect is null)
                continue;
            Assert.StartsWith("CRL3", defect.Code, StringComparison.Ordinal);
            Assert.InRange(defect.Detail.Length, 1, 300);
            codes.Add(defect.Code);
        }

        Assert.True(codes.Count >= 6, $"Only {string.Join(", ", codes)} were seen.");
    }

    private bool Read(MessageDefinition definition, byte[] body)
    {
        try
        {
            Assert.IsType<OrderCreated>(_serializer.Deserialize(definition, body));
            return true;
        }
        catch (MessageRejectedException rejected)
        {
            Assert.StartsWith("CRL3", rejected.Code, StringComparison.Ordinal);
            Assert.InRange(rejected.Detail.Length, 1, 800);
            return false;
        }
    }

    private static bool Measure(int seed, object input, Func<bool> run)
    {
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var result = run();
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= BytesPerInput, $"{allocated} bytes were allocated.");
            Assert.True(clock.Elapsed <= _timePerInput, $"It took {clock.Elapsed}.");
            return result;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {seed}: {(input is byte[] body ? Encoding.Latin1.GetString(body) : input)}", exception);
        }
    }

    private static byte[][] Seeds()
    {
        var serializer = Serializers.Create();
        return
        [
            serializer.Serialize(OrderCreated.Example).ToArray(),
            serializer.Serialize(OrderCreated.Example with { Lines = [.. Enumerable.Repeat(new OrderLine("product", 1, 1e10), 20)] }).ToArray(),
            """{"orderId":"1","count":1,"total":1,"weight":1,"placedAt":"2026-11-21T00:00:00Z","lines":[],"unknown":{"a":[1,2,{"b":null}]}}"""u8.ToArray(),
        ];
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
