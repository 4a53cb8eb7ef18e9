using System.Text;
using Carillon.Events;
using Carillon.Serialization;

namespace Carillon.Tests.Serialization;

/// <summary>What the tests of this folder share.</summary>
internal static class Serializers
{
    public static JsonMessageSerializer Create(EnvelopeLimits? limits = null, MessageJsonOptions? json = null) => new(json ?? new MessageJsonOptions(), limits ?? new EnvelopeLimits());

    public static ReadOnlyMemory<byte> Serialize<TMessage>(this JsonMessageSerializer serializer, TMessage message)
        where TMessage : notnull => serializer.Serialize(AttributedMessage.Define<TMessage>(), message);

    public static TMessage Deserialize<TMessage>(this JsonMessageSerializer serializer, string json)
        where TMessage : notnull => (TMessage)serializer.Deserialize(AttributedMessage.Define<TMessage>(), Encoding.UTF8.GetBytes(json));

    public static Envelope Envelope(ReadOnlyMemory<byte> body, Func<Envelope, Envelope>? change = null)
    {
        var envelope = new Envelope
        {
            Id = new EventId(new Guid("0190b3a6-0000-7000-8000-00000000000a")),
            Source = "/services/orders",
            Type = "order.created",
            Version = 1,
            Topic = "order.created",
            Key = "order-1",
            ContentType = "application/json",
            Body = body,
        };
        return change is null ? envelope : change(envelope);
    }
}
