using Carillon.Events;
using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using Carillon.Serialization;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Serialization;

[Collection(CultureCollection.Name)]
public sealed class JsonMessageSerializerProperties
{
    private static readonly MessageDefinition<EveryKind> _definition = AttributedMessage.Define<EveryKind>();

    [Fact]
    public void Deserialize_ShouldGiveTheMessageBack_WhenItIsAnyAndCulturesDiffer()
    {
        var serializer = new JsonMessageSerializer(new MessageJsonOptions(), new EnvelopeLimits());

        Always.Holds(
            from message in EveryKinds.Any
            from writing in Cultures.Names
            from reading in Cultures.Names
            select (Message: message, Writing: writing, Reading: reading),
            given =>
            {
                var body = In(given.Writing, () => serializer.Serialize(_definition, given.Message).ToArray());
                Assert.Equal(In("invariant", () => serializer.Serialize(_definition, given.Message).ToArray()), body);

                var read = In(given.Reading, () => (EveryKind)serializer.Deserialize(_definition, body));

                Assert.Equivalent(given.Message, read, strict: true);
                Assert.Equal(BitConverter.DoubleToInt64Bits(given.Message.Rough), BitConverter.DoubleToInt64Bits(read.Rough));
                Assert.Equal(given.Message.At.Offset, read.At.Offset);
                Assert.Equal(body, serializer.Serialize(_definition, read).ToArray());
            });
    }

    private static T In<T>(string culture, Func<T> action)
    {
        using var scope = new CultureScope(culture);
        return action();
    }
}
