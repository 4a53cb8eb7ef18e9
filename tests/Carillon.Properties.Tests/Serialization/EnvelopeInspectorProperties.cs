using System.Reflection;
using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using Carillon.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Serialization;

public sealed class EnvelopeInspectorProperties
{
    private static readonly HashSet<string> _codes =
        [.. typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(code => (string)code.GetRawConstantValue()!)];

    private static readonly Gen<EnvelopeLimits> _limits = Gen.Frequency(
        (2, Gen.Fresh(static () => new EnvelopeLimits())),
        (1, Gen.Fresh(static () => new EnvelopeLimits
        {
            BodyBytes = 1024,
            Depth = 1,
            Properties = 1,
            Headers = 0,
            HeaderCharacters = 64,
            HeadersTotalCharacters = 64,
            IdCharacters = 36,
            SourceCharacters = 64,
            SubjectCharacters = 64,
        })));

    [Fact]
    public void Inspect_ShouldFindOnlyTypedDefects_WhenEnvelopeIsAnything() => Always.Holds(
        from envelope in Envelopes.Wild from limits in _limits from now in Times.Utc select (Envelope: envelope, Limits: limits, Now: now),
        given =>
        {
            var defect = new EnvelopeInspector(given.Limits, new ShownTime(given.Now)).Inspect(given.Envelope);

            if (given.Envelope.Defect is { } known)
                Assert.Same(known, defect);
            else if (defect is not null)
                Assert.Contains(defect.Code, _codes);
        },
        given => Envelopes.Simpler(given.Envelope).Select(envelope => (envelope, given.Limits, given.Now)));

    /// <summary>What the text of a limit allows is let through, and one character more is not.</summary>
    [Fact]
    public void Inspect_ShouldGoByTheLimits_WhenTextsAreAsLongAsTheyMayBe() => Always.Holds(
        from source in Gen.Choose(64, 2048) from subject in Gen.Choose(64, 4096) from over in Gen.Elements(-1, 0, 1) select (Source: source, Subject: subject, Over: over),
        given =>
        {
            var inspector = new EnvelopeInspector(new EnvelopeLimits { SourceCharacters = given.Source, SubjectCharacters = given.Subject }, TimeProvider.System);
            var plain = Envelopes.Plain;

            Assert.Equal(given.Over > 0, inspector.Inspect(plain with { Source = new string('s', given.Source + given.Over) }) is not null);
            Assert.Equal(given.Over > 0, inspector.Inspect(plain with { Subject = new string('s', given.Subject + given.Over) }) is not null);
        });
}
