namespace Carillon.Contracts.Legacy
{
    /// <summary>A parcel is on its way: a record with an init accessor.</summary>
    [Event("parcel.sent", Version = 2, Topic = "parcels", Priority = Priority.High)]
    public sealed record ParcelSent([property: Key] string Parcel, decimal Weight) : IParcelEvent
    {
        /// <summary>Who sent it, or null.</summary>
        public string? Sender { get; init; }
    }
}
