//! Objects by their id: those of a repository, and those that git keeps apart for a hook.
//!
//! While a server asks its hooks about a push, the new objects lie in a quarantine that only the hook's environment
//! names; the git library does not look there.

use std::path::PathBuf;

use gix::bstr::{BStr, ByteSlice};
use gix::objs::tree::EntryRef;
use gix::objs::{CommitRefIter, Find, FindHeader, Kind, TagRefIter, TreeRefIter};
use gix::{ObjectId, Repository};

/// A repository as one thread reads it.
pub struct Handle {
    pub repo: Repository,
    /// Places to look at first.
    apart: Vec<gix::odb::Handle>,
}

impl Handle {
    pub fn new(repo: Repository, apart: &[PathBuf]) -> Self {
        let hash = repo.object_hash();
        let apart = apart
            .iter()
            .filter_map(|folder| gix::odb::at(folder, hash).ok());
        Self {
            apart: apart.collect(),
            repo,
        }
    }

    /// The size of an object, without reading all of it.
    pub fn size(&self, id: ObjectId) -> gix::Result<u64> {
        let header = self
            .apart
            .iter()
            .find_map(|odb| FindHeader::try_header(odb, &id).ok().flatten());
        header.map_or_else(
            || Ok(self.repo.find_header(id)?.size()),
            |header| Ok(header.size),
        )
    }

    pub fn object(&self, id: ObjectId) -> gix::Result<(Kind, Vec<u8>)> {
        for odb in &self.apart {
            let mut data = Vec::new();
            if let Ok(Some(kind)) =
                Find::try_find(odb, &id, &mut data).map(|found| found.map(|data| data.kind))
            {
                return Ok((kind, data));
            }
        }
        let object = self.repo.find_object(id)?.detach();
        Ok((object.kind, object.data))
    }

    pub fn data(&self, id: ObjectId) -> gix::Result<Vec<u8>> {
        self.object(id).map(|(_, data)| data)
    }

    /// Calls for each entry of one tree, in git's order.
    pub fn each_in_tree(
        &self,
        id: ObjectId,
        mut each: impl FnMut(EntryRef) -> gix::Result<()>,
    ) -> gix::Result<()> {
        let data = self.data(id)?;
        TreeRefIter::from_bytes(&data, self.repo.object_hash()).try_for_each(|entry| each(entry?))
    }

    /// An entry somewhere below a tree: its mode and its id.
    pub fn below(
        &self,
        tree: ObjectId,
        path: &BStr,
    ) -> Option<(gix::objs::tree::EntryMode, ObjectId)> {
        let mut at = (gix::objs::tree::EntryKind::Tree.into(), tree);
        for part in path.split_str("/") {
            let data = self.data(at.1).ok()?;
            let mut entries = TreeRefIter::from_bytes(&data, self.repo.object_hash());
            let entry =
                entries.find_map(|entry| entry.ok().filter(|entry| entry.filename == part))?;
            at = (entry.mode, entry.oid.to_owned());
        }
        Some(at)
    }

    /// The tree a revision leads to.
    pub fn tree_of(&self, rev: &str) -> gix::Result<ObjectId> {
        let (kind, id) = self.peeled(rev)?;
        match kind {
            Kind::Commit => {
                let data = self.data(id)?;
                CommitRefIter::from_bytes(&data, self.repo.object_hash()).tree_id()
            }
            Kind::Tree => Ok(id),
            Kind::Blob | Kind::Tag => Ok(self.repo.find_tree(id)?.id),
        }
    }

    /// The commit a revision leads to.
    pub fn commit_of(&self, rev: &str) -> gix::Result<ObjectId> {
        let (kind, id) = self.peeled(rev)?;
        match kind {
            Kind::Commit => Ok(id),
            _ => Ok(self.repo.find_commit(id)?.id),
        }
    }

    /// What a revision names once its tags are taken off. A whole id is not looked up among the refs.
    fn peeled(&self, rev: &str) -> gix::Result<(Kind, ObjectId)> {
        let whole = ObjectId::from_hex(rev.as_bytes()).ok();
        let mut id =
            whole.map_or_else(|| self.repo.rev_parse_single(rev).map(gix::Id::detach), Ok)?;
        loop {
            let (kind, data) = self.object(id)?;
            if kind != Kind::Tag {
                return Ok((kind, id));
            }
            id = TagRefIter::from_bytes(&data, self.repo.object_hash()).target_id()?;
        }
    }

    pub fn parents(&self, commit: ObjectId) -> gix::Result<Vec<ObjectId>> {
        let data = self.data(commit)?;
        Ok(CommitRefIter::from_bytes(&data, self.repo.object_hash())
            .parent_ids()
            .collect())
    }

    /// The newest commit that is an ancestor of the one and of any of the others.
    pub fn fork(&self, one: ObjectId, others: &[ObjectId]) -> gix::Result<Option<ObjectId>> {
        let found = self.repo.merge_bases_many(one, others)?;
        Ok(found.first().map(|id| id.detach()))
    }

    /// The commits that refs below a prefix lead to.
    pub fn tips(&self, prefix: &str) -> gix::Result<Vec<ObjectId>> {
        let platform = self.repo.references()?;
        let refs = platform.prefixed(prefix)?.filter_map(Result::ok);
        let mut tips: Vec<ObjectId> = refs
            .filter_map(|one| one.try_id().map(gix::Id::detach))
            .filter(|id| self.object(*id).is_ok_and(|(kind, _)| kind == Kind::Commit))
            .collect();
        tips.sort_unstable();
        tips.dedup();
        Ok(tips)
    }

    /// Whether an object lies in the repository itself and not only in a place of its environment's.
    pub fn is_own(&self, id: ObjectId) -> bool {
        self.repo.has_object(id)
    }
}

/// The object folders that git's environment names beside the repository's own.
pub fn apart_by_environment() -> Vec<PathBuf> {
    let own = std::env::var_os("GIT_OBJECT_DIRECTORY").map(PathBuf::from);
    let others = std::env::var_os("GIT_ALTERNATE_OBJECT_DIRECTORIES").unwrap_or_default();
    let others = std::env::split_paths(&others)
        .filter(|path| !path.as_os_str().is_empty())
        .collect::<Vec<_>>();
    own.into_iter()
        .chain(others)
        .filter_map(|folder| std::fs::canonicalize(folder).ok())
        .collect()
}
