"""What other services ask of identity beyond who calls."""

from isotherm.localcloud.identity.seeds import SeededIdentity
from isotherm.localcloud.identity.tokens import Proof, Scope, issue


class PeeringIdentity(SeededIdentity):
    def act_for(self, user_id: str, project_id: str) -> str:
        user = self.users.get(user_id)
        if user is None or not user.enabled or not self.roles_on(user_id, project_id):
            return ""
        return issue(self, Proof(user, ("token",)), Scope(project_id=project_id)).id
